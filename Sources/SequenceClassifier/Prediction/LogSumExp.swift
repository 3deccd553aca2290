#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// log Σ e^x of some logits, and the terms of the sum, whose shares are the softmax.
///
/// Every power is taken relative to the largest logit, so that none overflows.
package struct LogSumExp {
  /// max x; 0 where there are no logits.
  private let largest: Double
  /// e^(x − max x) of each logit.
  package let terms: [Double]
  /// Σ e^(x − max x).
  package let sum: Double

  package init(_ logits: [Double]) {
    let largest = logits.max() ?? 0
    let terms = logits.map { exp($0 - largest) }
    self.largest = largest
    self.terms = terms
    sum = terms.reduce(0, +)
  }

  /// log Σ e^x.
  package var value: Double { log(sum) + largest }
}
