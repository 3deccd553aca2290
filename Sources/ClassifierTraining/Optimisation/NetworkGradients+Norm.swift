import RecurrentNumerics
import SequenceClassifier

extension NetworkGradients {
  /// The Euclidean norm of all gradients together.
  func norm(kernels: KernelSet) -> Double {
    var sum = embedding.rows.sumOfSquares(kernels)
    for set in layers + [readout] { sum += set.values.sumOfSquares(kernels) }
    return sum.squareRoot()
  }
}

extension [Float] {
  fileprivate func sumOfSquares(_ kernels: KernelSet) -> Double {
    withUnsafeBufferPointer { values in
      values.baseAddress.map { kernels.sumOfSquares($0, count: values.count) } ?? 0
    }
  }
}
