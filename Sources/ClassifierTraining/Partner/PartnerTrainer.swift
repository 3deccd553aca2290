import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

/// Trains a network's linear partner; see `NgramPartner` and `LogisticLoss`.
///
/// First on all n-grams, then again on those that fit the bytes: the ones of the largest effect |w r| √documents on any
/// label. The same texts give the same bits on any number of threads.
public struct PartnerTrainer {
  public let options: PartnerOptions
  public let tokenizer: WordTokenizer
  private let pool: WorkerPool

  public init(_ options: PartnerOptions, tokenizer: WordTokenizer, pool: WorkerPool) {
    self.options = options
    self.tokenizer = tokenizer
    self.pool = pool
  }

  /// - Parameters:
  ///   - targets: the number of each text's label.
  ///   - labelCount: two or more.
  public func train(_ texts: [String], targets: [Int], labelCount: Int) throws -> TrainedPartner {
    let clock = ContinuousClock()
    let start = clock.now
    try options.validate()
    var matrix = NgramMatrix(
      texts, tokenizer: tokenizer, orders: options.orders, minimumDocuments: options.minDocuments, pool: pool)
    guard matrix.featureCount > 0 else { throw PartnerError.noFeatures(minDocuments: options.minDocuments) }
    let rows = NgramPartner.rows(labelCount: labelCount)
    let limit = featureLimit(rows: rows)
    guard limit > 0 else { throw PartnerError.noRoom(bytes: options.maxBytes) }
    let all = matrix.featureCount
    var fits = fit(matrix, targets, rows: rows)
    if all > limit {
      let kept = mostEffective(fits, matrix, limit: limit)
      matrix = matrix.keeping(kept)
      fits = fit(matrix, targets, rows: rows)
    }
    let tensors = NgramPartner.tensors(
      keys: matrix.keys, weights: fits.map { $0.weights.map { Float($0) } }, bias: fits.map { Float($0.bias) }
    )
    return try TrainedPartner(
      options: options, labelCount: labelCount, tensors: tensors, candidates: all, tokenizer: tokenizer,
      seconds: (clock.now - start).seconds)
  }

  private struct Fit {
    /// w r of each feature.
    let weights: [Double]
    let bias: Double
  }

  /// One regression for each row: of label 1 against label 0, or of each label against the rest.
  private func fit(_ matrix: NgramMatrix, _ targets: [Int], rows: Int) -> [Fit] {
    (0..<rows).map { row in
      let label = rows == 1 ? 1 : row
      let loss = LogisticLoss(matrix, targets: targets.map { $0 == label }, l2: options.l2, pool: pool)
      let result = LimitedMemoryBFGS().minimise(
        from: [Double](repeating: 0, count: matrix.featureCount + 1), loss.callAsFunction)
      return Fit(
        weights: matrix.keys.indices.map { result.point[$0] * loss.ratios[$0] },
        bias: result.point[matrix.featureCount])
    }
  }

  /// The features of the largest effect, ascending.
  private func mostEffective(_ fits: [Fit], _ matrix: NgramMatrix, limit: Int) -> [Int] {
    let effects = matrix.keys.indices.map { feature in
      fits.reduce(0.0) { Swift.max($0, $1.weights[feature].magnitude) }
        * Double(matrix.documents(of: feature)).squareRoot()
    }
    return matrix.keys.indices.sorted { (effects[$1], $0) < (effects[$0], $1) }.prefix(limit).sorted()
  }

  /// Most features that the bytes hold.
  private func featureLimit(rows: Int) -> Int {
    var (low, high) = (0, options.maxBytes)
    while low < high {
      let middle = (low + high + 1) / 2
      if NgramPartner.byteCount(features: middle, rows: rows) <= options.maxBytes {
        low = middle
      } else {
        high = middle - 1
      }
    }
    return low
  }
}

/// A partner as a package holds it.
public struct TrainedPartner: Sendable {
  public let options: PartnerOptions
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
    let chunks = Swift.min(texts.count, 64)
    let found = TaskResults<[[Float]]>(chunks)
    pool.run(chunks) { [model, tokenizer] chunk in
      found[chunk] = texts[texts.count * chunk / chunks..<texts.count * (chunk + 1) / chunks].map {
        model.logits(tokenizer.tokenHashes(of: $0))
      }
    }
    return (0..<chunks).flatMap { found[$0] ?? [] }
  }

  /// The manifest's section.
  public func manifest(_ stack: Manifest.Partner.Stack) -> Manifest.Partner {
    .init(
      orders: options.orders, features: model.featureCount, stack: stack, l2: options.l2,
      minDocuments: options.minDocuments)
  }
}

/// Why texts give no partner.
public enum PartnerError: Error, Equatable {
  case noFeatures(minDocuments: Int)
  case noRoom(bytes: Int)
  /// All texts of a kind, `training` or `dev`, have one label.
  case oneLabel(String, texts: String)
}

extension PartnerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noFeatures(let count):
      "no word stands in \(count) of the training texts, so there is nothing to make a partner of; give more texts or a "
        + "smaller partner.min-documents"
    case .oneLabel(let label, let texts):
      "all \(texts) texts have the label \(EscapedText(label)), which tells nothing of the others; give texts of at least two"
    case .noRoom(let bytes): "a partner of so many labels does not fit partner.max-bytes of \(bytes)"
    }
  }
}
