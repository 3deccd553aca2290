import ClassifierTraining
import ModelConversion
import ModelPackage
import SequenceClassifier
import TestSupport
import Testing

/// The structure of exported models, read from their bytes; `ONNXRuntimeTests` runs them.
@Suite struct ONNXExportTests {
  private func model(_ configuration: ReferenceConfiguration) throws -> (ParsedModel, ModelPackage) {
    let package = try ConversionFixture.package(configuration, temperature: 1.5)
    return (try ParsedModel(ONNXExport(package).bytes), package)
  }

  @Test func headerInputsAndOutputsAreAsDocumented() throws {
    let (model, _) = try model(ConversionFixture.configuration(.lstm, readout: .concat))
    #expect(try model.message.integers(1) == [7])
    #expect(try model.message.messages(8).map { try $0.integers(2) } == [[14]])
    #expect(try model.message.texts(2) == ["rnnpkg"])
    #expect(try model.values(11) == ["tokens 7 [batch, time]", "lengths 6 [batch]"])
    #expect(try model.values(12) == ["logits 1 [batch, 3]", "probabilities 1 [batch, 3]"])
    #expect(model.metadata["labels"] == #"["label, 0","label, 1","label, 2"]"#)
    #expect(model.metadata["temperature"] == "1.5")
    #expect(model.metadata["cell"] == "lstm" && model.metadata["license"] == "Apache-2.0")
    #expect(try #require(model.metadata["tokenizer"]).contains(#""unknown":1"#))
    #expect(model.constants["temperature"]?.floats == [1.5])
  }

  /// Every name is made once, before it is used, and everything that is made is used.
  @Test(arguments: ReferenceConfiguration.all)
  func graphsAreWellFormed(_ configuration: ReferenceConfiguration) throws {
    let (model, _) = try model(configuration)
    var known: Set = ["tokens", "lengths", ""]
    known.formUnion(model.constants.keys)
    var used: Set<String> = ["logits", "probabilities"]
    for node in model.nodes {
      #expect(node.inputs.allSatisfy { known.contains($0) }, "\(node)")
      used.formUnion(node.inputs)
      for output in node.outputs where !output.isEmpty {
        #expect(known.insert(output).inserted, "\(output)")
      }
    }
    #expect(known.subtracting(used).subtracting([""]).isEmpty, "\(known.subtracting(used))")
    for (name, constant) in model.constants {
      let width = constant.type == 1 ? 4 : 8
      #expect(constant.bytes.count == width * constant.shape.reduce(1, *), "\(name)")
    }
  }

  /// Rows of each gate, by hand: ONNX has i, o, f, c where PyTorch has i, f, g, o; and z, r, h for r, z, n.
  @Test(arguments: [
    (ReferenceCellKind.lstm, "LSTM", [0, 3, 1, 2]), (.gruResetAfter, "GRU", [1, 0, 2]),
    (.gruResetBefore, "GRU", [1, 0, 2]), (.vanillaTanh, "RNN", [0]), (.vanillaReLU, "RNN", [0]),
  ])
  func gatesAreInONNXOrder(_ cell: ReferenceCellKind, _ operation: String, _ places: [Int]) throws {
    let (model, package) = try model(ConversionFixture.configuration(cell))
    let nodes = model.nodes.filter { $0.operation == operation }
    #expect(nodes.count == 2)
    let hidden = 17
    func block(_ name: String, _ gate: Int) throws -> [Float] {
      let tensor = try #require(package.tensors[name])
      let size = tensor.count / places.count
      return Array(tensor.values[gate * size..<(gate + 1) * size])
    }
    for (level, node) in nodes.enumerated() {
      #expect(node.inputs[4] == "lengths")
      for (input, name, width) in [(1, "weight_ih", level == 0 ? 7 : 2 * hidden), (2, "weight_hh", hidden)] {
        let constant = try #require(model.constants[node.inputs[input]])
        #expect(constant.shape == [2, places.count * hidden, width])
        let expected = try ["", "_reverse"].flatMap { suffix in
          try places.flatMap { try block("rnn.\(name)_l\(level)\(suffix)", $0) }
        }
        #expect(constant.floats == expected, "\(name)")
      }
      let bias = try #require(model.constants[node.inputs[3]])
      #expect(bias.shape == [2, 2 * places.count * hidden])
      let expected = try ["", "_reverse"].flatMap { suffix in
        try ["bias_ih", "bias_hh"].flatMap { name in
          try places.flatMap { try block("rnn.\(name)_l\(level)\(suffix)", $0) }
        }
      }
      #expect(bias.floats == expected)
      #expect(node.attributes["hidden_size"] == ["17"] && node.attributes["direction"] == ["bidirectional"])
      switch cell {
      case .gruResetAfter: #expect(node.attributes["linear_before_reset"] == ["1"])
      case .gruResetBefore: #expect(node.attributes["linear_before_reset"] == ["0"])
      case .vanillaReLU: #expect(node.attributes["activations"] == ["Relu", "Relu"])
      case .vanillaTanh: #expect(node.attributes["activations"] == ["Tanh", "Tanh"])
      case .lstm: #expect(Set(node.attributes.keys) == ["hidden_size", "direction"])
      }
    }
  }

  @Test func theSamePackageGivesTheSameBytes() throws {
    let package = try ConversionFixture.package(ConversionFixture.configuration(.gruResetAfter))
    #expect(try ONNXExport(package).bytes == ONNXExport(package).bytes)
    #expect(try ONNXExport(package).remarks.isEmpty)
  }

  @Test func quantisedWeightsAreWidenedAndThatIsSaid() throws {
    let package = try ConversionFixture.package(ConversionFixture.configuration(.lstm)).storing(as: .i8)
    let export = try ONNXExport(package)
    #expect(export.remarks == [.widenedIntegers])
    let model = try ParsedModel(export.bytes)
    #expect(model.constants["readout.weight"]?.floats == package.tensors["readout.weight"]?.values)
  }

  @Test func piecesAndWindowsAreRefused() throws {
    for (running, error) in [
      (ReferenceConfiguration.Running.chopped(3), ExportError.running(kind: "chopped", length: 3)),
      (.windowed(2), .running(kind: "windowed", length: 2)),
    ] {
      var configuration = ConversionFixture.configuration(.lstm)
      configuration.running = running
      let package = try ConversionFixture.package(configuration)
      #expect(throws: error) { try ONNXExport(package) }
      #expect(throws: error) { try StateDictExport(package) }
    }
    #expect(
      "\(ExportError.running(kind: "chopped", length: 3))"
        == "texts are chopped at 3 tokens, which no layer of other systems does; export a package that was trained "
        + "without --chop and --windowed")
  }
}
