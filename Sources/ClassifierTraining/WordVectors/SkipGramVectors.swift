import CRecurrentKernels
import RecurrentNumerics

/// The vectors that skip-gram training moves: v of words as inputs and u as outputs, `[words, dimension]` each.
///
/// Rows are padded with zeros, which stay zeros, to whole cache lines. Threads share the tables: at any time each works on
/// rows of its own.
struct SkipGramVectors: @unchecked Sendable {
  private let dimension: Int
  private let input: Matrix
  private let output: Matrix

  /// Small random inputs, outputs of zeros; words without a count get zeros.
  init(dimension: Int, counts: [Int], random: inout RandomStream) {
    self.dimension = dimension
    let width = (dimension + 15) / 16 * 16
    input = Matrix(rows: counts.count, columns: width)
    output = Matrix(rows: counts.count, columns: width)
    for word in counts.indices where counts[word] > 0 {
      for column in 0..<dimension { input[word, column] = (random.uniform() - 0.5) / Float(dimension) }
    }
  }

  /// The gradient steps of pairs (input, output), every `RK_SKIP_GRAM_PAIRS` of them with the next words of `negatives`.
  func step(
    _ pairs: [SIMD2<Int32>], against drawn: ArraySlice<Int32>, negatives: Int, rate: Float, kernels: KernelSet
  ) {
    guard !pairs.isEmpty else { return }
    precondition(
      drawn.count == SkipGramVectors.groups(of: pairs.count) * negatives, "\(drawn.count) negatives")
    pairs.withUnsafeBytes { bytes in
      drawn.withUnsafeBufferPointer { drawn in
        guard let words = bytes.assumingMemoryBound(to: Int32.self).baseAddress, let drawn = drawn.baseAddress
        else {
          return
        }
        kernels.functions.pointee.skip_gram(
          pairs.count, negatives, input.columns, rate, words, drawn, input.pointer, output.pointer)
      }
    }
  }

  /// Groups of pairs that share negatives.
  static func groups(of pairs: Int) -> Int { (pairs + Int(RK_SKIP_GRAM_PAIRS) - 1) / Int(RK_SKIP_GRAM_PAIRS) }

  /// The inputs, without padding.
  var inputs: [Float] {
    (0..<input.rows).flatMap { UnsafeBufferPointer(start: input.row($0), count: dimension) }
  }
}
