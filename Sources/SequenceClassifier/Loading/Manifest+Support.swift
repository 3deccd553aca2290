import ModelPackage
import RecurrentCells
import TextEncoding

extension Manifest {
  /// Refuses what this engine would leave out of its answers: nothing that a package says of them is ignored in silence.
  func checkSupport() throws(ClassifierLoadError) {
    guard task.type == .classification else {
      throw .unsupported(field: "task.type", value: task.type.rawValue, known: ["classification"])
    }
    guard task.multiLabel != true else {
      throw .unsupported(field: "task.multiLabel", value: "true", known: ["false"])
    }
    if let calibration = model.output.calibration {
      guard calibration.method == "temperature" else {
        throw .unsupported(
          field: "model.output.calibration.method", value: calibration.method, known: ["temperature"])
      }
      guard calibration.bias == nil else {
        throw .unsupported(field: "model.output.calibration.bias", value: "numbers", known: ["none"])
      }
    }
    guard model.output.thresholds == nil else {
      throw .unsupported(field: "model.output.thresholds", value: "numbers", known: ["none"])
    }
    guard files["tokenizer.json"] == nil else {
      throw .unsupported(field: "files", value: "tokenizer.json", known: ["no tables for its tokenizers"])
    }
    if let specials = tokenizer.specials, specials != Tokenizer.Specials() {
      throw .disagreement(
        field: "tokenizer.specials",
        stated: "\(specials.pad), \(specials.unknown), \(specials.begin), \(specials.end)",
        found: "\(Vocabulary.padID), \(Vocabulary.unknownID), \(Vocabulary.beginID), \(Vocabulary.endID)")
    }
  }

  /// Refuses a cell described otherwise than it is: who reads the weights elsewhere goes by the description.
  func checkCell(of network: RecurrentNetwork) throws(ClassifierLoadError) {
    let stated = model.encoder.cell
    let cell: Cell
    do {
      cell = try network.manifestCell()
    } catch {
      throw .cellConfiguration("\(error)")
    }
    if let gates = stated.gates, gates != cell.gates ?? [] {
      throw .disagreement(
        field: "model.encoder.cell.gates", stated: gates.joined(separator: ", "),
        found: (cell.gates ?? []).joined(separator: ", "))
    }
    if let biases = stated.biases, biases != cell.biases {
      throw .disagreement(
        field: "model.encoder.cell.biases", stated: biases, found: cell.biases ?? "not stated")
    }
  }

  /// Refuses a package that claims to suit engines that would answer in another way.
  func checkEngine(of network: RecurrentNetwork) throws(ClassifierLoadError) {
    let needed = oldestEngine(for: network)
    guard !EngineVersion.isOlder(engine.min, than: needed) else {
      throw .engineUnderstated(stated: engine.min, needed: needed)
    }
  }

  /// The oldest engine that gives this package's answers and reads all that it says.
  package func oldestEngine(for network: RecurrentNetwork) -> String {
    var needed = [network.oldestEngine]
    if model.quantization != nil { needed.append(EngineVersion.oldestQuantizedReader) }
    if let partner = model.partner { needed.append(partner.oldestEngine) }
    if model.encoder.running != nil { needed.append(EngineVersion.oldestRunningReader) }
    if behaviour != nil { needed.append(EngineVersion.oldestBehaviourReader) }
    return EngineVersion.newest(of: needed)
  }
}
