import CRecurrentKernels
import RecurrentNumerics

/// −log softmax(x)_target; x is overwritten.
func crossEntropy(_ x: UnsafeMutablePointer<Float>, count: Int, target: Int, kernels: KernelSet) -> Double {
  let largest = maximum(x, count: count)
  let logit = x[target] - largest
  return logarithm(Double(exponentiate(x, count: count, shift: largest, kernels: kernels))) - Double(logit)
}

/// Replaces x by exp(x − shift).
/// - Returns: the sum of the results, in an order that `count` alone fixes.
func exponentiate(
  _ x: UnsafeMutablePointer<Float>, count: Int, shift: Float, kernels: KernelSet
) -> Float {
  for index in 0..<count { x[index] -= shift }
  kernels.functions.pointee.vexp(count, x, x)
  var sums = SIMD16<Float>(repeating: 0)
  let whole = count / 16 * 16
  let raw = UnsafeRawPointer(x)
  for index in stride(from: 0, to: whole, by: 16) {
    sums += raw.loadUnaligned(fromByteOffset: index * 4, as: SIMD16<Float>.self)
  }
  var total = sums.sum()
  for index in whole..<count { total += x[index] }
  return total
}

/// The largest of some numbers, at least one.
func maximum(_ x: UnsafeMutablePointer<Float>, count: Int) -> Float {
  var best = SIMD16<Float>(repeating: -.infinity)
  let whole = count / 16 * 16
  let raw = UnsafeRawPointer(x)
  for index in stride(from: 0, to: whole, by: 16) {
    let values = raw.loadUnaligned(fromByteOffset: index * 4, as: SIMD16<Float>.self)
    best.replace(with: values, where: values .> best)
  }
  var result = best.max()
  for index in whole..<count { result = Swift.max(result, x[index]) }
  return result
}
