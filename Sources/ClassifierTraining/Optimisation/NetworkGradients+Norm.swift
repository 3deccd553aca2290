import RecurrentNumerics
import SequenceClassifier

extension NetworkGradients {
  /// The Euclidean norm of the gradients of all parts that learn, together.
  func norm(_ rates: LayerRates, kernels: KernelSet) -> Double {
    var sum = rates.embedding > 0 ? embedding.rows.sumOfSquares(kernels) : 0
    for (index, set) in layers.enumerated() where rates.layer(index, of: layers.count) > 0 {
      sum += set.values.sumOfSquares(kernels)
    }
    if rates.readout > 0 { sum += readout.values.sumOfSquares(kernels) }
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
