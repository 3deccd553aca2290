import ClassifierTraining
import Testing

@Suite struct McNemarTests {
  /// Sums of binomial coefficients, by hand: 2 · 1 / 2¹⁰, 2 · (1 + 10 + 45) / 2¹⁰, 2 · (1 + 7) / 2⁷.
  @Test(arguments: [(10, 0, 2.0 / 1024), (8, 2, 112.0 / 1024), (1, 6, 16.0 / 128), (0, 1, 1.0), (1, 0, 1.0)])
  func smallCountsAreExact(first: Int, second: Int, expected: Double) {
    let test = McNemarTest(onlyFirst: first, onlySecond: second)
    #expect((test.probability - expected).magnitude < 1e-12)
    #expect(McNemarTest(onlyFirst: second, onlySecond: first).probability == test.probability)
  }

  @Test func equalCountsSayNothing() {
    for count in [0, 1, 7, 1_000_000] {
      #expect(McNemarTest(onlyFirst: count, onlySecond: count).probability == 1)
    }
  }

  /// 2ⁿ and the coefficients are far beyond Double; Φ(−2) = 0.02275 is what the sum comes near to, as near as half of its
  /// last term, √(2/πn)·e⁻².
  @Test func largeCountsNeitherOverflowNorVanish() {
    let n = 1_000_000
    let k = n / 2 - n.isqrt
    let p = McNemarTest(onlyFirst: k, onlySecond: n - k).probability
    #expect((p - 2 * 0.02275).magnitude < 1.2e-4, "\(p)")
    #expect(McNemarTest(onlyFirst: 0, onlySecond: 5_000).probability == 0)
  }
}

extension Int {
  fileprivate var isqrt: Int { Int(Double(self).squareRoot()) }
}
