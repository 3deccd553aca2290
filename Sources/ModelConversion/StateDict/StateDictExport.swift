import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// A package's weights as a PyTorch state dict in a safetensors file.
///
/// Tensors are F32, whatever the package stores, with PyTorch's names, shapes and gate order: `embedding.weight`
/// `[vocabulary, embedding]`; `rnn.weight_ih_l0` `[gates·hidden, input]`, `rnn.weight_hh_l0` `[gates·hidden, hidden]`,
/// `rnn.bias_ih_l0` and `rnn.bias_hh_l0` `[gates·hidden]`, with `_reverse` for the direction that reads from the end;
/// `readout.weight` `[labels, features]` and `readout.bias` `[labels]`. Features are summary by summary (last state,
/// then maximum and mean with `concat`, then attention), the directions side by side in each. So a module with
/// `embedding = nn.Embedding(…)`, `rnn = nn.LSTM(…)` and `readout = nn.Linear(…)` takes them as they are.
///
/// Source: `torch.nn.LSTM`, `torch.nn.GRU`, `torch.nn.RNN` of PyTorch 2; safetensors 0.4's format.
public struct StateDictExport: Sendable {
  /// The tensors in the package's order, and metadata that names what tensors alone do not say: cell, `gates` in the
  /// order of their rows, where a GRU resets, labels and temperature.
  public let file: TensorFile
  /// `networkAlone`, `widenedIntegers`, `resetBefore`, `learnedInitialState`, `backwardOnly`, as they apply.
  public let remarks: [ConversionRemark]

  /// - Parameters:
  ///   - withoutPartner: leaves a partner behind instead of refusing the package; the temperature, which was fitted with it,
  ///     is 1 then.
  ///   - cells: those that the package may name.
  ///   - readouts: likewise.
  /// - Throws: `ExportError` where PyTorch has no such network, `ClassifierLoadError` where the package cannot be loaded.
  public init(
    _ package: ModelPackage, withoutPartner: Bool = false, cells: CellRegistry = .standard,
    readouts: ReadoutRegistry = .standard
  ) throws {
    let source = try ConvertibleNetwork(
      package, withoutPartner: withoutPartner, cells: cells, readouts: readouts)
    let tensors = source.network.parameterSpecs.map {
      Tensor(name: $0.name, shape: $0.shape, values: source.values($0.name))
    }
    var metadata: [String: String] = [:]
    for (key, text) in source.facts { metadata[key] = text }
    // What loaders of the hub's libraries look for.
    metadata["format"] = "pt"
    metadata["layout"] = "pytorch"
    metadata["gates"] = jsonText(try source.network.manifestCell().gates ?? [])
    file = TensorFile(tensors: tensors, metadata: metadata)
    var remarks = source.remarks
    if source.cell == .gru(.before) { remarks.append(.resetBefore) }
    if source.isInitialStateLearned { remarks.append(.learnedInitialState) }
    if source.network.direction == .backward { remarks.append(.backwardOnly) }
    self.remarks = remarks
  }

  /// The bytes of the file; the same package gives the same ones.
  public func bytes() throws(TensorFileError) -> [UInt8] { try file.bytes(limits: .stateDict) }
}
