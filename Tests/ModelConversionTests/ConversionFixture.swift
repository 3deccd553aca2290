import Foundation
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import TextEncoding

/// Packages of random networks, and texts for them.
enum ConversionFixture {
  /// Longest first; odd on purpose.
  static let lengths = [7, 4, 4, 1]

  /// A package with the shape of `configuration` and random weights.
  static func package(
    _ configuration: ReferenceConfiguration, temperature: Double? = nil, seed: UInt64 = 5
  ) throws -> ModelPackage {
    let fixture = try NetworkFixture(random: configuration, seed: seed, scale: 0.3)
    return try package(fixture, temperature: temperature)
  }

  static func package(_ fixture: NetworkFixture, temperature: Double? = nil) throws -> ModelPackage {
    let (network, configuration) = (fixture.network, fixture.configuration)
    let words = (4..<network.vocabularySize).map { "word\($0)" }
    let manifest = Manifest(
      name: "random", version: "1.0.0",
      task: .init(type: .classification, labels: (0..<network.labelCount).map { "label, \($0)" }),
      license: "Apache-2.0", engine: .init(min: network.oldestEngine),
      tokenizer: .init(type: "word", specials: .init(), size: network.vocabularySize),
      model: .init(
        embedding: .init(dim: network.embeddingSize),
        encoder: try network.manifestEncoder(),
        readout: .init(type: configuration.readout.rawValue),
        output: .init(
          activation: "softmax", calibration: temperature.map { .init(method: "temperature", t: $0) })))
    return try ModelPackage(
      manifest: manifest, vocabulary: Vocabulary(tokens: words).fileBytes,
      goldenCases: [GoldenCase(text: "", ids: [3], logits: fixture.logits([[3]])[0])],
      tensors: TensorFile(
        tensors: fixture.parameters.namedValues(network).map { spec, values in
          Tensor(name: spec.name, shape: spec.shape, values: values)
        }))
  }

  /// A configuration of every cell, with both directions and two layers.
  static func configuration(
    _ cell: ReferenceCellKind, readout: ReferenceConfiguration.Readout = .last,
    direction: ReferenceConfiguration.Direction = .both, layers: Int = 2
  ) -> ReferenceConfiguration {
    ReferenceConfiguration(
      cell: cell, vocabularySize: 11, inputSize: 7, hiddenSize: 17, layerCount: layers,
      direction: direction, readout: readout, classCount: 3)
  }
}

/// Python with the modules that a script of `tools/golden` needs: `RECURRENT_PYTHON`, or `python3`.
enum Python {
  static let hasONNXRuntime = imports("onnxruntime, numpy")
  static let hasTorch = imports("torch, safetensors")

  struct Failed: Error {
    let status: Int32
    let message: String
  }

  private static let program = ProcessInfo.processInfo.environment["RECURRENT_PYTHON"] ?? "python3"

  private static func imports(_ modules: String) -> Bool {
    (try? run(["-c", "import \(modules)"], input: Data())) != nil
  }

  /// Runs a script of `tools/golden` on JSON.
  static func answers<Case: Encodable, Answer: Decodable>(
    of script: String, to cases: [Case], as _: Answer.Type
  ) throws -> [Answer] {
    let script = SourceTree.root.appending(path: "tools/golden/\(script)")
    let output = try run([script.path], input: JSONEncoder().encode(cases))
    return try JSONDecoder().decode([Answer].self, from: output)
  }

  private static func run(_ arguments: [String], input: Data) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging([
      "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1",
    ]) { $1 }
    // A file, since a script that fails at once would leave nobody to read a pipe.
    let directory = TemporaryDirectory()
    let given = try directory.file("input.json", Array(input))
    let output = Pipe()
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: given))
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failed(status: process.terminationStatus, message: arguments.joined(separator: " "))
    }
    return bytes
  }
}
