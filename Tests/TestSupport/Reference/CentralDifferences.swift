extension ReferenceClassifier {
  /// ∂loss/∂parameter for every element of every parameter by (L(p + δ) - L(p - δ)) / 2δ.
  ///
  /// With δ = 2e-5 the error is about 3e-11: δ² times a third derivative, and a rounding error of the loss
  /// over δ. Costs two losses per parameter.
  /// - Parameter loss: a function of the classifier, such as the loss of a batch.
  package func centralDifferences(
    step δ: Double = 2e-5, of loss: (ReferenceClassifier) -> Double
  ) -> ReferenceParameters {
    var moved = self
    var result = ReferenceParameters(zerosFor: configuration)
    for name in parameters.names {
      for index in parameters[name].indices {
        let value = parameters[name][index]
        moved.parameters[name][index] = value + δ
        let above = loss(moved)
        moved.parameters[name][index] = value - δ
        let below = loss(moved)
        moved.parameters[name][index] = value
        result[name][index] = (above - below) / (2 * δ)
      }
    }
    return result
  }
}
