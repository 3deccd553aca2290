extension ReferenceCell {
  /// Back-propagates through runs of the last few steps up to each step, of which only the last state counts.
  /// - Parameters:
  ///   - outputGradients: ∂L/∂h_t, `[time, hidden]`.
  ///   - finalStateGradient: ∂L/∂s of the last run besides, or of s_0 where there is none.
  func backward(
    _ windows: [Run], outputGradients: [[Double]], finalStateGradient: [[Double]], weights: ReferenceWeights
  ) -> RunGradients {
    var result = RunGradients(
      inputs: windows.map { _ in [Double](repeating: 0, count: inputSize) },
      initialState: windows.isEmpty ? finalStateGradient : zeroState,
      weights: ReferenceWeights(zerosFor: self))
    for (t, run) in windows.enumerated() {
      var last = t == windows.count - 1 ? finalStateGradient : zeroState
      add(outputGradients[t], to: &last[0])
      let found = backward(
        run, outputGradients: run.steps.map { _ in [Double](repeating: 0, count: hiddenSize) },
        finalStateGradient: last, weights: weights)
      for (offset, gradient) in found.inputs.enumerated() {
        add(gradient, to: &result.inputs[t - run.steps.count + 1 + offset])
      }
      for slot in last.indices { add(found.initialState[slot], to: &result.initialState[slot]) }
      add(found.weights.input, to: &result.weights.input)
      add(found.weights.recurrent, to: &result.weights.recurrent)
      add(found.weights.inputBias, to: &result.weights.inputBias)
      add(found.weights.recurrentBias, to: &result.weights.recurrentBias)
    }
    return result
  }
}
