extension ReferenceCell {
  /// Back-propagates through one step, adding to `gradients`.
  /// - Parameter stateGradient: ∂L/∂s_t, slot by slot.
  /// - Returns: ∂L/∂x_t and ∂L/∂s_{t-1}.
  package func backward(
    _ step: Step, stateGradient: [[Double]], weights: ReferenceWeights, gradients: inout ReferenceWeights
  ) -> (input: [Double], state: [[Double]]) {
    switch kind {
    case .vanillaTanh, .vanillaReLU:
      vanillaBackward(step, stateGradient: stateGradient, weights: weights, gradients: &gradients)
    case .lstm:
      lstmBackward(step, stateGradient: stateGradient, weights: weights, gradients: &gradients)
    case .gruResetAfter, .gruResetBefore:
      gruBackward(step, stateGradient: stateGradient, weights: weights, gradients: &gradients)
    }
  }

  private func vanillaBackward(
    _ step: Step, stateGradient: [[Double]], weights: ReferenceWeights, gradients: inout ReferenceWeights
  ) -> (input: [Double], state: [[Double]]) {
    let h = step.after[0]
    let slope = kind == .vanillaTanh ? h.map { 1 - $0 * $0 } : h.map { $0 > 0 ? 1 : 0 }
    let a = scaled(stateGradient[0], by: slope)
    addOuterProduct(a, step.before[0], to: &gradients.recurrent)
    add(a, to: &gradients.recurrentBias)
    return (
      inputBackward(a, step, weights, &gradients),
      [transposedProduct(weights.recurrent, a, columns: hiddenSize)]
    )
  }

  private func lstmBackward(
    _ step: Step, stateGradient: [[Double]], weights: ReferenceWeights, gradients: inout ReferenceWeights
  ) -> (input: [Double], state: [[Double]]) {
    let (i, f, g, o) = (step.saved[0], step.saved[1], step.saved[2], step.saved[3])
    let tanhC = step.saved[4]
    let cBefore = step.before[1]
    var a = [Double](repeating: 0, count: 4 * hiddenSize)
    var cBeforeGradient = [Double](repeating: 0, count: hiddenSize)
    for k in 0..<hiddenSize {
      let h = stateGradient[0][k]
      let c = stateGradient[1][k] + h * o[k] * (1 - tanhC[k] * tanhC[k])
      a[k] = c * g[k] * i[k] * (1 - i[k])
      a[hiddenSize + k] = c * cBefore[k] * f[k] * (1 - f[k])
      a[2 * hiddenSize + k] = c * i[k] * (1 - g[k] * g[k])
      a[3 * hiddenSize + k] = h * tanhC[k] * o[k] * (1 - o[k])
      cBeforeGradient[k] = c * f[k]
    }
    addOuterProduct(a, step.before[0], to: &gradients.recurrent)
    add(a, to: &gradients.recurrentBias)
    return (
      inputBackward(a, step, weights, &gradients),
      [transposedProduct(weights.recurrent, a, columns: hiddenSize), cBeforeGradient]
    )
  }

  private func gruBackward(
    _ step: Step, stateGradient: [[Double]], weights: ReferenceWeights, gradients: inout ReferenceWeights
  ) -> (input: [Double], state: [[Double]]) {
    let (r, z, n, recurrent) = (step.saved[0], step.saved[1], step.saved[2], step.saved[3])
    let h = step.before[0]
    let candidateWeights = Array(weights.recurrent[2 * hiddenSize * hiddenSize..<3 * hiddenSize * hiddenSize])
    // Gradients at the arguments of the candidate's tanh and of the update gate's σ.
    var candidate = [Double](repeating: 0, count: hiddenSize)
    var update = candidate
    for k in 0..<hiddenSize {
      let gradient = stateGradient[0][k]
      candidate[k] = gradient * (1 - z[k]) * (1 - n[k] * n[k])
      update[k] = gradient * (h[k] - n[k]) * z[k] * (1 - z[k])
    }
    var hGradient = scaled(stateGradient[0], by: z)
    // At the recurrent product of the candidate, and what that product was taken of.
    let recurrentCandidate: [Double]
    let multiplied: [Double]
    let resetGradient: [Double]
    if kind == .gruResetAfter {
      recurrentCandidate = scaled(candidate, by: r)
      multiplied = h
      resetGradient = scaled(candidate, by: recurrent)
      add(transposedProduct(candidateWeights, recurrentCandidate, columns: hiddenSize), to: &hGradient)
    } else {
      recurrentCandidate = candidate
      multiplied = scaled(r, by: h)
      let product = transposedProduct(candidateWeights, candidate, columns: hiddenSize)
      resetGradient = scaled(product, by: h)
      add(scaled(product, by: r), to: &hGradient)
    }
    var reset = [Double](repeating: 0, count: hiddenSize)
    for k in 0..<hiddenSize { reset[k] = resetGradient[k] * r[k] * (1 - r[k]) }

    let resetAndUpdate = reset + update
    let split = 2 * hiddenSize * hiddenSize
    var leading = Array(gradients.recurrent[..<split])
    var trailing = Array(gradients.recurrent[split...])
    addOuterProduct(resetAndUpdate, h, to: &leading)
    addOuterProduct(recurrentCandidate, multiplied, to: &trailing)
    gradients.recurrent = leading + trailing
    add(resetAndUpdate + recurrentCandidate, to: &gradients.recurrentBias)
    add(
      transposedProduct(Array(weights.recurrent[..<split]), resetAndUpdate, columns: hiddenSize),
      to: &hGradient)
    return (inputBackward(resetAndUpdate + candidate, step, weights, &gradients), [hGradient])
  }

  /// The part every cell shares: x_t enters only through W_ih x_t + b_ih.
  private func inputBackward(
    _ a: [Double], _ step: Step, _ weights: ReferenceWeights, _ gradients: inout ReferenceWeights
  ) -> [Double] {
    addOuterProduct(a, step.input, to: &gradients.input)
    add(a, to: &gradients.inputBias)
    return transposedProduct(weights.input, a, columns: inputSize)
  }
}
