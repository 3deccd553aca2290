import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import TextEncoding

/// A partner as a package holds it.
public struct TrainedPartner: Sendable {
  /// What it was made of.
  public let options: PartnerOptions
  /// The classifier itself.
  public let model: NgramPartner
  /// Those of `NgramPartner.TensorName`.
  public let tensors: [Tensor]
  /// N-grams before those of little effect were left out.
  public let candidates: Int
  /// Wall seconds of training.
  public let seconds: Double
  private let tokenizer: WordTokenizer

  init(
    options: PartnerOptions, labelCount: Int, tensors: [Tensor], candidates: Int, tokenizer: WordTokenizer,
    seconds: Double
  ) throws(NgramPartnerError) {
    self.options = options
    self.tensors = tensors
    self.candidates = candidates
    self.seconds = seconds
    self.tokenizer = tokenizer
    let stack = Manifest.Partner.Stack(network: 1, partner: 0, bias: [])
    let features = tensors.first { $0.name == NgramPartner.TensorName.fingerprints }?.shape[0] ?? 0
    model = try NgramPartner(
      .init(orders: options.orders, features: features, stack: stack), labelCount: labelCount,
      tensors: TensorFile(tensors: tensors))
  }

  /// Bytes in a package before compression.
  public var byteCount: Int {
    NgramPartner.byteCount(
      features: model.featureCount, rows: NgramPartner.rows(labelCount: model.labelCount))
  }

  /// The partner's logits of texts, in the order given.
  public func logits(_ texts: [String], pool: WorkerPool) -> [[Float]] {
    pool.map(texts.count) { model.logits(tokenizer.tokenHashes(of: texts[$0])) }
  }

  /// The manifest's section.
  public func manifest(_ stack: Manifest.Partner.Stack) -> Manifest.Partner {
    .init(
      orders: options.orders, features: model.featureCount, stack: stack, l2: options.l2,
      minDocuments: options.minDocuments)
  }
}
