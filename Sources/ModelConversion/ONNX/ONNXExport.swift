import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON

/// A package's network as an ONNX model of standard operators.
///
///     tokens         int64 `[batch, time]`, padded with any id of the vocabulary
///     lengths        int32 `[batch]`, tokens of each text, from 1 to `time`
///     logits         float `[batch, labels]`
///     probabilities  float `[batch, labels]`, softmax(logits / temperature)
///
/// Embedding → RNN, GRU or LSTM for each layer, both directions in one → summaries over the steps within `lengths` →
/// Gemm → Softmax. What stands at padded steps changes nothing. Rows are in ONNX's gate order (i, o, f, c and z, r, h);
/// `linear_before_reset` is 1 where the reset gate multiplies after the recurrent product and 0 otherwise.
///
/// Labels, temperature and the tokenizer's settings are in `metadata_props`. Text becomes ids outside the model; an empty
/// text is the id of `</s>`.
///
/// Source: onnx/docs/Operators.md, operator set 14.
public struct ONNXExport: Sendable {
  /// Most bytes of a protobuf message.
  public static let byteLimit = Int(Int32.max)

  /// The file; the same package gives the same bytes.
  public let bytes: [UInt8]
  /// `networkAlone` and `widenedIntegers`, as they apply.
  public let remarks: [ConversionRemark]

  /// - Parameters:
  ///   - withoutPartner: leaves a partner behind instead of refusing the package; the temperature, which was fitted with it,
  ///     is 1 then.
  ///   - cells: those that the package may name.
  ///   - readouts: likewise.
  /// - Throws: `ExportError` where ONNX has no such network, `ClassifierLoadError` where the package cannot be loaded.
  public init(
    _ package: ModelPackage, withoutPartner: Bool = false, cells: CellRegistry = .standard,
    readouts: ReadoutRegistry = .standard
  ) throws {
    let source = try ConvertibleNetwork(
      package, withoutPartner: withoutPartner, cells: cells, readouts: readouts)
    // 64 KiB for the nodes of a layer are far more than they take.
    let estimate = 4 * source.network.parameterSpecs.reduce(0) { $0 + $1.count } + 64 << 10
    guard estimate <= Self.byteLimit else {
      throw ExportError.tooLarge(bytes: estimate, limit: Self.byteLimit)
    }
    let manifest = source.manifest
    let tokenizer = try JSONValueEncoder().encode(manifest.tokenizer)
    let model = ONNXModel(
      graph: try ONNXClassifierGraph(source).graph, producer: "rnnpkg",
      producerVersion: EngineVersion.current, text: manifest.summary ?? "",
      metadata: source.facts + [
        ("tokenizer", String(decoding: tokenizer.canonicalBytes(), as: UTF8.self))
      ])
    bytes = model.message.bytes
    remarks = source.remarks
  }
}
