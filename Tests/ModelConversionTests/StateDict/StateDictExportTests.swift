import ClassifierTraining
import ModelConversion
import ModelPackage
import RecurrentCells
import SequenceClassifier
import TestSupport
import Testing

/// State dicts that PyTorch's modules take.
@Suite struct StateDictExportTests {
  @Test func tensorsAndMetadataSayWhatTheyAre() throws {
    let package = try ConversionFixture.package(
      ConversionFixture.configuration(.gruResetAfter), temperature: 2)
    let export = try StateDictExport(package)
    #expect(export.remarks.isEmpty)
    let file = try TensorFile(parsing: export.bytes())
    #expect(file.tensors == package.tensors.tensors)
    #expect(
      file.tensors.map(\.name).prefix(3) == ["embedding.weight", "rnn.weight_ih_l0", "rnn.weight_hh_l0"])
    #expect(file["rnn.weight_ih_l1_reverse"]?.shape == [51, 34])
    #expect(
      file.metadata == [
        "format": "pt", "producer": "rnnpkg", "layout": "pytorch", "name": "random", "version": "1.0.0",
        "license": "Apache-2.0", "labels": #"["label, 0","label, 1","label, 2"]"#, "cell": "gru",
        "reset": "after", "gates": #"["reset","update","new"]"#, "direction": "both", "layers": "2",
        "readout": "last", "temperature": "2.0",
      ])
    #expect(try export.bytes() == StateDictExport(package).bytes())
  }

  @Test(arguments: [TensorType.f16, .i8])
  func smallerTypesAreWidened(_ type: TensorType) throws {
    let package = try ConversionFixture.package(ConversionFixture.configuration(.lstm)).storing(as: type)
    let export = try StateDictExport(package)
    #expect(export.remarks == (type == .i8 ? [.widenedIntegers] : []))
    for tensor in export.file.tensors {
      #expect(tensor.dtype == .f32)
      #expect(tensor.values == package.tensors[tensor.name]?.values, "\(tensor.name)")
    }
  }

  @Test func whatPyTorchsModulesDoNotDoIsSaid() throws {
    var configuration = ConversionFixture.configuration(.gruResetBefore, direction: .backward)
    configuration.initialState = .learned
    let export = try StateDictExport(ConversionFixture.package(configuration))
    #expect(export.remarks == [.resetBefore, .learnedInitialState, .backwardOnly])
    #expect(export.file.metadata["reset"] == "before")
  }

  /// Whether PyTorch has a part is another question than whether the package can be loaded.
  @Test func partsFromOutsideAreThoseOfTheRegistries() throws {
    let package = try ConversionFixture.package(ConversionFixture.configuration(.lstm))
    var readouts = ReadoutRegistry.standard
    try readouts.register(OutsideReadout.self)
    var manifest = package.manifest
    manifest.model.readout.type = "outside"
    let summarised = try package.replacing(manifest)
    let export = try StateDictExport(summarised, readouts: readouts)
    #expect(export.file.tensors == package.tensors.tensors)
    #expect(export.file.metadata["readout"] == "outside")
    #expect(throws: ClassifierLoadError.self) { try StateDictExport(summarised) }
    let known = ["attention", "concat", "last"]
    #expect(throws: ExportError.readout("outside", known: known)) {
      try ONNXExport(summarised, readouts: readouts)
    }

    var cells = CellRegistry.standard
    try cells.register(OutsideCell.self)
    manifest = package.manifest
    manifest.model.encoder.cell.id = "outside"
    let stepped = try package.replacing(manifest)
    let error = ExportError.cell("outside", known: ["rnn", "lstm", "gru"])
    #expect(throws: error) { try StateDictExport(stepped, cells: cells) }
    #expect(throws: error) { try ONNXExport(stepped, cells: cells) }
    #expect(throws: ClassifierLoadError.self) { try ONNXExport(stepped) }
  }
}

/// Exported state dicts in PyTorch against the package they are of. Needs Python with torch and safetensors
/// (`tools/golden/requirements.txt`; `RECURRENT_PYTHON` names another Python), and is skipped without.
@Suite(.enabled(if: Python.hasTorch, "python3 has no torch and safetensors"))
struct PyTorchTests {
  private struct Choices: Encodable {
    var cell: String
    var layers: Int
    var direction: String
    var inputSize: Int
    var hiddenSize: Int
    var vocabularySize: Int
    var classes: Int
    var readout: String
    var learnedInitialState: Bool

    /// As `Choices` of `golden_model.py` has them.
    enum CodingKeys: String, CodingKey {
      case cell, layers, direction, classes, readout
      case inputSize = "input_size"
      case hiddenSize = "hidden_size"
      case vocabularySize = "vocabulary_size"
      case learnedInitialState = "learned_initial_state"
    }
  }

  private struct Case: Encodable {
    var weights: String
    var choices: Choices
    var sequences: [[Int32]]
  }

  @Test func modulesTakeEveryTensorAndGiveThePackagesLogits() throws {
    let directory = TemporaryDirectory()
    var cases: [Case] = []
    var expected: [[[Float]]] = []
    for (index, configuration) in ReferenceConfiguration.all.enumerated() {
      let fixture = try NetworkFixture(random: configuration, seed: UInt64(index), scale: 0.3)
      let sequences = fixture.sequences(lengths: ConversionFixture.lengths, seed: 4)
      let export = try StateDictExport(ConversionFixture.package(fixture))
      cases.append(
        Case(
          weights: try directory.file("\(index).safetensors", export.bytes()),
          choices: Choices(
            cell: configuration.cell.rawValue, layers: configuration.layerCount,
            direction: configuration.direction.rawValue, inputSize: configuration.inputSize,
            hiddenSize: configuration.hiddenSize, vocabularySize: configuration.vocabularySize,
            classes: configuration.classCount, readout: configuration.readout.rawValue,
            learnedInitialState: configuration.initialState == .learned),
          sequences: sequences))
      expected.append(fixture.logits(sequences))
    }
    let answers = try Python.answers(of: "state_dict_logits.py", to: cases, as: [[Double]].self)
    #expect(answers.count == expected.count)
    for ((configuration, answer), expected) in zip(zip(ReferenceConfiguration.all, answers), expected) {
      #expect(answer.map(\.count) == expected.map(\.count), "\(configuration)")
      let scale = expected.joined().reduce(1) { max($0, $1.magnitude) }
      for (found, value) in zip(answer.joined(), expected.joined()) {
        #expect(abs(Float(found) - value) <= 1e-5 * scale, "\(configuration)")
      }
    }
  }
}
