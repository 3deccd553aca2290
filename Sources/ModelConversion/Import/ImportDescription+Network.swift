import ModelPackage
import RecurrentCells
import SequenceClassifier
import StrictJSON

extension ImportDescription {
  /// Refuses what is not named or not read.
  func checkLayout() throws(ImportError) {
    guard let layout else { throw .unnamed(option: "layout", known: Self.layouts) }
    guard Self.layouts.contains(layout) else {
      throw .choice(option: "layout", found: layout, known: Self.layouts)
    }
  }

  /// The network of this description.
  func makeNetwork(
    vocabularySize: Int, cells: CellRegistry, readouts: ReadoutRegistry
  ) throws(ImportError) -> RecurrentNetwork {
    do {
      return try NetworkDescription(
        embeddingSize: model.embedding, cell: CellKind(rawValue: model.cell),
        cellConfiguration: try cellConfiguration(), layers: model.layers, direction: model.direction,
        initialState: model.initialState ?? .zero, readout: ReadoutKind(rawValue: model.readout)
      ).makeNetwork(
        vocabularySize: vocabularySize, labelCount: labels.count, cells: cells, readouts: readouts)
    } catch let error as ImportError {
      throw error
    } catch let error as ClassifierLoadError {
      switch error {
      case .unknownCell(let name, let known):
        throw .choice(option: "model.cell", found: name, known: known)
      case .unknownReadout(let name, let known):
        throw .choice(option: "model.readout", found: name, known: known)
      case .cellConfiguration(let reason): throw .cellConfiguration(reason)
      default: throw .cellConfiguration("\(error)")
      }
    } catch {
      throw .cellConfiguration("\(error)")
    }
  }

  /// The cell's own configuration. What decides how the same weights are used has to be there.
  private func cellConfiguration() throws(ImportError) -> JSONValue {
    guard (1...Manifest.Limits.layers).contains(model.layers) else {
      throw .layers(model.layers, limit: Manifest.Limits.layers)
    }
    guard !labels.isEmpty else { throw .manifest(.noLabels) }
    var configuration = JSONObject()
    configuration["hidden"] = .integer(Int64(model.hidden))
    let settings = [
      ("reset", model.reset, GRUCell.kind, ResetPlacement.allCases.map(\.rawValue)),
      ("activation", model.activation, VanillaCell.kind, VanillaCell.Activation.allCases.map(\.rawValue)),
    ]
    for (key, text, kind, known) in settings {
      guard model.cell == kind.rawValue else {
        if text != nil { throw .inapplicable(option: "model.\(key)", cell: model.cell) }
        continue
      }
      guard let text else { throw .unnamed(option: "model.\(key)", known: known) }
      guard known.contains(text) else {
        throw .choice(option: "model.\(key)", found: text, known: known)
      }
      configuration[key] = .string(text)
    }
    return .object(configuration)
  }
}
