import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TestSupport
import Testing

/// Rows of a weight that are longer than a sum of products of integers may be.
@Suite struct QuantizedWidthTests {
  private func package(size: Int) throws -> ModelPackage {
    var manifest = Manifest(
      name: "wide", version: "1", task: .init(type: .classification, labels: ["a", "b"]),
      engine: .init(min: "1.1"), tokenizer: .init(type: "word", size: 4),
      model: .init(
        embedding: .init(dim: 1),
        encoder: .init(cell: .init(id: "echo", config: ["size": .integer(Int64(size))])),
        readout: .init(type: "last"), output: .init(activation: "softmax")))
    manifest.model.dtype = .i8
    manifest.model.quantization = .int8
    func tensor(_ name: String, _ rows: Int, _ columns: Int) -> Tensor {
      Tensor(
        name: name, shape: [rows, columns], dtype: .i8, values: [Float](repeating: 1, count: rows * columns))
    }
    return try ModelPackage(
      manifest: manifest, vocabulary: Array("<pad>\n<unk>\n<s>\n</s>\n".utf8),
      tensors: TensorFile(tensors: [
        tensor("embedding.weight", 4, 1), tensor("readout.weight", 2, size),
        Tensor(name: "readout.bias", shape: [2], values: [0, 0]),
      ]))
  }

  @Test func theyAreRefusedBeforeTheyArePacked() throws {
    var cells = CellRegistry.standard
    try cells.register(EchoCell.self)
    let error = #expect(throws: ClassifierLoadError.self) {
      try Classifier(package(size: 65_537), cells: cells)
    }
    #expect(
      error == .quantizedWidth(parameter: "readout.weight", found: 65_537, limit: 65_536)
        && error?.needsAnotherEngine == true)
    #expect(
      error?.description
        == "weights.safetensors: tensor \"readout.weight\" has 65537 columns; products of int8 take up to 65536"
    )
    #expect(try Classifier(package(size: 65_536), cells: cells).classify("x").logits.count == 2)
  }
}

/// A cell without parameters whose state repeats x_t: as wide as one likes in a small package.
private struct EchoCell: RecurrentCell {
  struct Configuration: Codable, Hashable, Sendable {
    var size: Int
  }

  static let kind: CellKind = "echo"
  static let gates: [String] = []
  let inputSize: Int
  let configuration: Configuration

  init(inputSize: Int, configuration: Configuration) throws(CellConfigurationError) {
    self.inputSize = inputSize
    self.configuration = configuration
  }

  var stateSlots: [StateSlot] { [StateSlot("h", width: configuration.size)] }
  var parameterSpecs: [ParameterSpec] { [] }

  func makeKernel(for parameters: ParameterSet, kernels: KernelSet) -> any CellKernel {
    Kernel(inputSize: inputSize, stateSlots: stateSlots)
  }

  struct Kernel: StepwiseKernel {
    let inputSize: Int
    let stateSlots: [StateSlot]
    var recordWidth: Int { 0 }

    func step(_ input: [Float], state: [Float]) -> (state: [Float], record: [Float]) {
      ([Float](repeating: input[0], count: stateSlots[0].width), [])
    }

    func stepGradient(
      _ stateGradient: [Float], input: [Float], previousState: [Float], record: [Float],
      gradients: inout ParameterSet
    ) -> (input: [Float], previousState: [Float]) {
      ([stateGradient.reduce(0, +)], [Float](repeating: 0, count: previousState.count))
    }
  }
}
