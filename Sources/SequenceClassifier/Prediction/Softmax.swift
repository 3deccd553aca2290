#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Probabilities of logits: softmax(z / t), in Double, so that they sum to 1 within Float rounding.
package func softmax(_ logits: [Float], temperature: Double = 1) -> [Float] {
  let scaled = logits.map { Double($0) / temperature }
  let maximum = scaled.max() ?? 0
  let exponentials = scaled.map { exp($0 - maximum) }
  let total = exponentials.reduce(0, +)
  return exponentials.map { Float($0 / total) }
}
