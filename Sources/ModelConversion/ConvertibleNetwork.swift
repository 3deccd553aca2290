import ModelPackage
import RecurrentCells
import SequenceClassifier

/// A package's network and its numbers as 32-bit floats, where other systems have such networks.
struct ConvertibleNetwork {
  enum Cell: Equatable {
    case vanilla(VanillaCell.Activation)
    case lstm
    case gru(ResetPlacement)

    static let known = [VanillaCell.kind, LSTMCell.kind, GRUCell.kind].map(\.rawValue)
  }

  let manifest: Manifest
  let network: RecurrentNetwork
  let cell: Cell
  /// Width of h_t.
  let hidden: Int
  /// What the logits are divided by before the softmax. That of a package with a partner is of both together, and none of the
  /// network's.
  let temperature: Double
  private let tensors: TensorFile

  /// - Parameters:
  ///   - withoutPartner: leaves a partner behind instead of refusing the package.
  ///   - cells: those that the package may name; which of them other systems have is told apart from that.
  ///   - readouts: likewise.
  /// - Throws: `ExportError` where other systems lack a part, `ClassifierLoadError` where the package cannot be loaded.
  init(
    _ package: ModelPackage, withoutPartner: Bool, cells: CellRegistry, readouts: ReadoutRegistry
  ) throws {
    let classifier = try Classifier(package, cells: cells, readouts: readouts)
    manifest = package.manifest
    network = classifier.network
    temperature = manifest.model.partner == nil ? classifier.temperature : 1
    tensors = package.tensors
    guard withoutPartner || manifest.model.partner == nil else { throw ExportError.partner }
    switch network.running {
    case .continuous: break
    case .chopped(let length): throw ExportError.running(kind: "chopped", length: length)
    case .windowed(let length): throw ExportError.running(kind: "windowed", length: length)
    }
    switch network.levels.first?.first?.cell {
    case let vanilla as VanillaCell: cell = .vanilla(vanilla.configuration.activation)
    case is LSTMCell: cell = .lstm
    case let gru as GRUCell: cell = .gru(gru.configuration.reset)
    default: throw ExportError.cell(manifest.model.encoder.cell.id, known: Cell.known)
    }
    hidden = network.outputSize
  }

  /// The numbers of a parameter of `network`; loading found all of them.
  func values(_ name: String) -> [Float] {
    guard let tensor = tensors[name] else { preconditionFailure("a loaded package without \(name)") }
    return tensor.values
  }

  var isInitialStateLearned: Bool { network.levels.first?.first?.initialState == .learned }

  /// What has to be said of any export.
  var remarks: [ConversionRemark] {
    (manifest.model.partner == nil ? [] : [.networkAlone])
      + (manifest.model.quantization == nil ? [] : [.widenedIntegers])
  }

  /// What a reader of the exported file may want to know, as texts; lists are JSON.
  var facts: [(key: String, text: String)] {
    var facts = [
      ("producer", "rnnpkg"), ("name", manifest.name), ("version", manifest.version),
      ("labels", jsonText(manifest.task.labels)), ("cell", manifest.model.encoder.cell.id),
      ("direction", network.direction.rawValue), ("layers", "\(network.levels.count)"),
      ("readout", manifest.model.readout.type), ("temperature", "\(temperature)"),
    ]
    switch cell {
    case .vanilla(let activation): facts.append(("activation", activation.rawValue))
    case .lstm: break
    case .gru(let reset): facts.append(("reset", reset.rawValue))
    }
    if let license = manifest.license { facts.append(("license", license)) }
    return facts
  }
}
