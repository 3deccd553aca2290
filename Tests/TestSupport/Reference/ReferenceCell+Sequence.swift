extension ReferenceCell {
  /// A whole sequence run through the cell, in the order it was processed.
  package struct Run: Sendable {
    package var initialState: [[Double]]
    package var steps: [Step]

    /// s_last; s_0 when the sequence is empty.
    package var finalState: [[Double]] { steps.last?.after ?? initialState }
    /// Every h_t, `[time, hidden]`.
    package var outputs: [[Double]] { steps.map { $0.after[0] } }
  }

  /// What `backward` through a `Run` finds, in the order of processing.
  package struct RunGradients: Sendable {
    /// ∂L/∂x_t, `[time, input]`.
    package var inputs: [[Double]]
    /// ∂L/∂s_0, slot by slot.
    package var initialState: [[Double]]
    package var weights: ReferenceWeights
  }

  /// Runs the cell over `inputs`, `[time, input]`.
  /// - Parameter replacedStates: states to start the given steps from, in place of the one just computed.
  package func run(
    _ inputs: [[Double]], from initialState: [[Double]], weights: ReferenceWeights,
    replacedStates: [Int: [[Double]]] = [:]
  ) -> Run {
    var state = initialState
    var steps: [Step] = []
    for (t, input) in inputs.enumerated() {
      let step = step(input, state: replacedStates[t] ?? state, weights: weights)
      steps.append(step)
      state = step.after
    }
    return Run(initialState: initialState, steps: steps)
  }

  /// Back-propagates through `run`.
  /// - Parameters:
  ///   - outputGradients: ∂L/∂h_t, `[time, hidden]`, without the part that comes through the last state.
  ///   - finalStateGradient: ∂L/∂s_last, slot by slot.
  ///   - window: the state gradient is dropped between steps `t - 1` and `t` for each `t > 0` that is a
  ///     multiple of `window`; `nil` back-propagates through the whole sequence. s_0 always gets its gradient.
  ///   - restarts: steps that started from s_0.
  package func backward(
    _ run: Run, outputGradients: [[Double]], finalStateGradient: [[Double]], weights: ReferenceWeights,
    window: Int? = nil, restarts: Set<Int> = []
  ) -> RunGradients {
    var gradients = RunGradients(
      inputs: run.steps.map { _ in [] }, initialState: finalStateGradient,
      weights: ReferenceWeights(zerosFor: self))
    var restarted = zeroState
    for t in run.steps.indices.reversed() {
      add(outputGradients[t], to: &gradients.initialState[0])
      let (input, state) = backward(
        run.steps[t], stateGradient: gradients.initialState, weights: weights, gradients: &gradients.weights)
      gradients.inputs[t] = input
      let isCut = window.map { t > 0 && t.isMultiple(of: $0) } ?? false
      gradients.initialState = isCut ? zeroState : state
      guard restarts.contains(t) else { continue }
      for slot in restarted.indices { add(state[slot], to: &restarted[slot]) }
      gradients.initialState = zeroState
    }
    for slot in restarted.indices { add(restarted[slot], to: &gradients.initialState[slot]) }
    return gradients
  }
}
