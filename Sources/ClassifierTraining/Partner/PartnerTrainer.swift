import RecurrentNumerics
import SequenceClassifier
import TextEncoding

/// Trains a network's linear partner; see `NgramPartner` and `LogisticLoss`.
///
/// First on all n-grams, then again on those that fit the bytes: the ones of the largest effect |w r| √documents on any
/// label. The same texts give the same bits on any number of threads.
public struct PartnerTrainer {
  /// What the partner is made of.
  public let options: PartnerOptions
  /// Makes the tokens that n-grams are of.
  public let tokenizer: WordTokenizer
  private let pool: WorkerPool

  /// Nothing is checked or made until `train`.
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
    if all > limit { matrix = matrix.keeping(mostEffective(matrix, targets, rows: rows, limit: limit)) }
    let fits = (0..<rows).map { fit(matrix, targets, row: $0, of: rows) }
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

  /// The regression of a row: of label 1 against label 0 where it is the only one, or of the row's label against the rest.
  private func fit(_ matrix: NgramMatrix, _ targets: [Int], row: Int, of rows: Int) -> Fit {
    let label = rows == 1 ? 1 : row
    let loss = LogisticLoss(matrix, targets: targets.map { $0 == label }, l2: options.l2, pool: pool)
    let result = LimitedMemoryBFGS().minimise(
      from: [Double](repeating: 0, count: matrix.featureCount + 1), loss.callAsFunction)
    return Fit(
      weights: matrix.keys.indices.map { result.point[$0] * loss.ratios[$0] },
      bias: result.point[matrix.featureCount])
  }

  /// The features of the largest effect, ascending.
  ///
  /// Of each row only what is larger than before is kept: weights of all rows at once would be the whole memory of a run with
  /// many labels, eight bytes for each label and n-gram.
  private func mostEffective(_ matrix: NgramMatrix, _ targets: [Int], rows: Int, limit: Int) -> [Int] {
    var effects = [Double](repeating: 0, count: matrix.featureCount)
    for row in 0..<rows {
      let weights = fit(matrix, targets, row: row, of: rows).weights
      for feature in effects.indices {
        effects[feature] = Swift.max(effects[feature], weights[feature].magnitude)
      }
    }
    for feature in effects.indices { effects[feature] *= Double(matrix.documents(of: feature)).squareRoot() }
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
