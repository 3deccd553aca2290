import CRecurrentKernels
import RecurrentNumerics
import TestSupport
import Testing

/// The gradient steps of skip-gram pairs against their formula in Double.
@Suite struct SkipGramStepTests {
  private static let words = 30

  /// v and u in Double, moved as the header of `skip_gram` says.
  private struct Reference {
    var input: [[Double]]
    var output: [[Double]]

    mutating func step(_ pairs: ArraySlice<(Int, Int)>, against negatives: [Int], rate: Double) {
      func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
      func sigmoid(_ x: Double) -> Double { 1 / (1 + Reference.exponential(-x)) }
      let start = output
      let steps = pairs.map { pair in
        (
          rate * (1 - sigmoid(dot(input[pair.0], output[pair.1]))),
          negatives.map { $0 == pair.1 ? 0 : -rate * sigmoid(dot(input[pair.0], output[$0])) }
        )
      }
      var sums = negatives.map { _ in [Double](repeating: 0, count: input[0].count) }
      for (pair, step) in zip(pairs, steps) {
        let (x, y) = (input[pair.0], output[pair.1])
        for column in x.indices {
          input[pair.0][column] += step.0 * y[column]
          output[pair.1][column] += step.0 * x[column]
          for (k, word) in negatives.enumerated() {
            input[pair.0][column] += step.1[k] * start[word][column]
            sums[k][column] += step.1[k] * x[column]
          }
        }
      }
      for (k, word) in negatives.enumerated() {
        for column in sums[k].indices { output[word][column] += sums[k][column] }
      }
    }

    /// e^x by its series, after halving.
    private static func exponential(_ x: Double) -> Double {
      let part = x / 1024
      var power = 1 + part * (1 + part / 2 * (1 + part / 3 * (1 + part / 4 * (1 + part / 5))))
      for _ in 0..<10 { power *= power }
      return power
    }
  }

  /// Whole and short groups; negatives that registers hold, one, and many; widths of one and several vectors.
  @Test(arguments: KernelFixture.levels, [(1, 5, 16), (8, 5, 128), (21, 5, 48), (13, 1, 32), (19, 64, 16)])
  func everyStepFollowsTheFormula(_ level: KernelLevel, _ sizes: (pairs: Int, negatives: Int, dimension: Int))
    throws
  {
    let kernels = try KernelFixture.kernels(level)
    let (pairCount, negativeCount, dimension) = sizes
    var random = ReferenceRandom(seed: 3)
    func pick() -> Int { Int(random.next() >> 33) % SkipGramStepTests.words }
    // 30 words: inputs and outputs come twice in a group, and negatives that are a pair's output too.
    let pairs = (0..<pairCount).map { _ in (pick(), pick()) }
    let groups = (pairCount + 7) / 8
    var negatives = (0..<groups * negativeCount).map { _ in pick() }
    negatives[0] = pairs[0].1
    let count = SkipGramStepTests.words * dimension
    let (input, output) = (
      EdgeFloats(KernelFixture.random(count, in: -0.7..<0.7, seed: 4)),
      EdgeFloats(KernelFixture.random(count, in: -0.7..<0.7, seed: 5))
    )
    func rows(_ values: [Float]) -> [[Double]] {
      stride(from: 0, to: count, by: dimension).map { values[$0..<$0 + dimension].map(Double.init) }
    }
    var reference = Reference(input: rows(input.values), output: rows(output.values))
    for group in 0..<groups {
      reference.step(
        pairs[group * 8..<Swift.min(group * 8 + 8, pairCount)],
        against: Array(negatives[group * negativeCount..<(group + 1) * negativeCount]),
        rate: Double(Float(0.1)))
    }
    let flat = pairs.flatMap { [Int32($0.0), Int32($0.1)] }
    kernels.skip_gram(
      pairCount, negativeCount, dimension, 0.1, flat, negatives.map(Int32.init), input.start, output.start)
    // Values below about 10, some hundred roundings of 2⁻²⁴ each.
    expectClose(input.values, reference.input.flatMap { $0 }, absolute: 2e-5, relative: 2e-5, "v")
    expectClose(output.values, reference.output.flatMap { $0 }, absolute: 2e-5, relative: 2e-5, "u")
  }

  /// A word's first step from a vector of zeros: half the rate towards the input, and away from it.
  @Test(arguments: KernelFixture.levels)
  func firstStepIsHalfTheRate(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let start = KernelFixture.random(16, seed: 6)
    let input = EdgeFloats(start)
    let output = EdgeFloats([Float](repeating: 0, count: 3 * 16))
    kernels.skip_gram(1, 2, 16, 0.5, [0, 1], [2, 1], input.start, output.start)
    #expect(input.values == start, "outputs were zero")
    #expect(Array(output.values[0..<16]) == [Float](repeating: 0, count: 16))
    expectClose(
      Array(output.values[16..<32]), start.doubles.map { $0 / 4 }, absolute: 0, relative: 1e-6, "true")
    expectClose(
      Array(output.values[32..<48]), start.doubles.map { -$0 / 4 }, absolute: 0, relative: 1e-6, "negative")
  }
}
