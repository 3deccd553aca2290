import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON

extension TrainingConfiguration {
  /// The configuration as a tree, every option in it.
  public func tree() throws -> JSONValue { try JSONValueEncoder().encode(self) }

  /// A configuration from a partial tree over the defaults; options that do not exist are refused.
  ///
  /// Where training starts from a language model or a package, its shape takes the place of defaults: cell, widths, layers,
  /// direction, case and normalisation; of a package also readout, initial state, running, truncation and the limit of
  /// tokens, and the vocabulary may be larger by its words.
  /// - Parameter start: what to start from; where nil, `model.init-from` of the tree says it.
  /// - Throws: `FileError` for a start that cannot be read, `InitialWeightsError` for one that is neither.
  public init(
    merging partial: JSONValue, startingFrom start: String? = nil, cells: CellRegistry = .standard,
    readouts: ReadoutRegistry = .standard, kernels: KernelSet = .best
  ) throws {
    var base = TrainingConfiguration()
    let path = start ?? partial.objectValue?["model"]?.objectValue?["init-from"]?.stringValue ?? ""
    if !path.isEmpty {
      try InitialWeights(path, cells: cells, readouts: readouts, kernels: kernels).shape(
        &base.model, &base.text)
    }
    let merged = TrainingConfiguration.merge(partial, into: try base.tree())
    self = try JSONValueDecoder().decode(TrainingConfiguration.self, from: merged, rejectingUnknownKeys: true)
    model.initFrom = path
  }

  /// `partial` over `base`: objects member by member, anything else replaced.
  public static func merge(_ partial: JSONValue, into base: JSONValue) -> JSONValue {
    guard case .object(let members) = partial, case .object(var result) = base else { return partial }
    for member in members {
      result[member.key] = result[member.key].map { merge(member.value, into: $0) } ?? member.value
    }
    return .object(result)
  }
}
