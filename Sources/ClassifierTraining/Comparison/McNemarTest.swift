/// McNemar's exact test: whether two classifiers that were asked the same texts are equally often right.
///
/// Texts that both get right or both wrong say nothing. Of the n others, each is as likely to favour the one as the other
/// if the two are equally good, so the smaller count k follows a binomial distribution with p = ½:
///
///     p = min(1, 2 · Σ_{i ≤ k} C(n, i) / 2ⁿ)
///
/// McNemar 1947, doi:10.1007/BF02295996; the exact form in Dietterich 1998, doi:10.1162/089976698300017197.
public struct McNemarTest: Sendable, Equatable {
  /// Texts that only the first classifier got right.
  public let onlyFirst: Int
  /// Texts that only the second got right.
  public let onlySecond: Int

  /// The test of two counts, 0 or above, which is not checked.
  public init(onlyFirst: Int, onlySecond: Int) {
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
  }

  /// The probability of a difference at least this large between equally good classifiers. Cost: linear in n.
  public var probability: Double {
    let n = onlyFirst + onlySecond
    let k = Swift.min(onlyFirst, onlySecond)
    guard n > 0, 2 * k < n else { return 1 }
    // log C(n, i) / 2ⁿ, from one i to the next; the sum is taken relative to its last and largest term.
    var logTerm = -Double(n) * logarithm(2)
    var logTerms = [logTerm]
    for i in 0..<k {
      logTerm += logarithm(Double(n - i)) - logarithm(Double(i + 1))
      logTerms.append(logTerm)
    }
    let sum = logTerms.reduce(0) { $0 + exponential($1 - logTerm) }
    return Swift.min(1, 2 * sum * exponential(logTerm))
  }
}
