/// What `ReferenceClassifier.backward` finds.
package struct ReferenceGradients: Sendable {
  package var loss: Double
  /// ∂L/∂parameter, by name; the embedding's gradient is dense.
  package var parameters: ReferenceParameters
  /// ∂L/∂x_t of the first layer, after all masks, `[sequence][time][input]`.
  package var inputs: [[[Double]]]
}

extension ReferenceClassifier {
  /// ∂L/∂parameter for every parameter, by back-propagation written out by hand.
  /// - Parameter window: cuts the state gradient between windows of that many steps, counted from where
  ///   each direction starts reading; `nil` for the whole sequence.
  package func gradients(_ batch: ReferenceBatch, window: Int? = nil) -> ReferenceParameters {
    backward(batch, window: window).parameters
  }

  /// The loss and all gradients, those of the inputs included.
  package func backward(_ batch: ReferenceBatch, window: Int? = nil) -> ReferenceGradients {
    let traces = forward(batch)
    let (loss, logitGradients) = lossFunction.evaluate(
      logits: traces.map(\.logits), labels: batch.labels)
    var result = ReferenceGradients(
      loss: loss, parameters: ReferenceParameters(zerosFor: configuration), inputs: [])
    for (sequence, trace) in traces.enumerated() {
      let features = readoutBackward(
        trace, batch, sequence: sequence, logitGradient: logitGradients[sequence],
        gradients: &result.parameters)
      var (outputs, last) = poolingBackward(
        trace, featureGradient: features, gradients: &result.parameters)
      for layer in (0..<configuration.layerCount).reversed() {
        outputs = layerBackward(
          layer, trace, outputGradients: outputs, lastStateGradient: last, window: window,
          gradients: &result.parameters)
        if layer == 0 { result.inputs.append(outputs) }
        if let mask = batch.masks.locked?[layer][sequence] {
          outputs = outputs.map { scaled($0, by: mask) }
        }
        last = [Double](repeating: 0, count: configuration.outputSize)
      }
      for (token, gradient) in zip(batch.sequences[sequence], outputs) {
        let scale = batch.masks.embeddingRows?[token] ?? 1
        for (feature, value) in gradient.enumerated() {
          result.parameters["embedding.weight"][token * configuration.inputSize + feature] += value * scale
        }
      }
    }
    return result
  }

  /// Through logits = W (mask ⊙ features) + b; returns ∂L/∂features.
  private func readoutBackward(
    _ trace: Trace, _ batch: ReferenceBatch, sequence: Int, logitGradient: [Double],
    gradients: inout ReferenceParameters
  ) -> [Double] {
    let mask =
      batch.masks.readout?[sequence] ?? [Double](repeating: 1, count: configuration.featureCount)
    addOuterProduct(logitGradient, scaled(trace.features, by: mask), to: &gradients["readout.weight"])
    add(logitGradient, to: &gradients["readout.bias"])
    return scaled(
      transposedProduct(parameters["readout.weight"], logitGradient, columns: configuration.featureCount),
      by: mask)
  }

  /// Returns ∂L/∂output, `[time][directions · hidden]`, and ∂L/∂(last h of each direction), joined.
  private func poolingBackward(
    _ trace: Trace, featureGradient: [Double], gradients: inout ReferenceParameters
  ) -> (outputs: [[Double]], last: [Double]) {
    let width = configuration.outputSize
    var outputs = trace.outputs.map { _ in [Double](repeating: 0, count: width) }
    if configuration.readout == .concat && !outputs.isEmpty {
      for feature in 0..<width {
        let column = trace.outputs.map { $0[feature] }
        // The first of equal maxima takes the whole gradient.
        if let largest = column.max(), let step = column.firstIndex(of: largest) {
          outputs[step][feature] += featureGradient[width + feature]
        }
        for step in outputs.indices {
          outputs[step][feature] += featureGradient[2 * width + feature] / Double(outputs.count)
        }
      }
    }
    if configuration.readout == .attention {
      let hidden = configuration.hiddenSize
      for (direction, isReversed) in configuration.direction.isReversed.enumerated() {
        let first = direction * hidden
        var attention = gradients.attention(isReversed: isReversed)
        let found = parameters.attention(isReversed: isReversed).backward(
          configuration.outputs(trace, direction: direction),
          attendedGradient: Array(featureGradient[width + first..<width + first + hidden]),
          gradients: &attention)
        gradients.set(attention, isReversed: isReversed)
        for (t, gradient) in found.enumerated() {
          for (feature, value) in gradient.enumerated() { outputs[t][first + feature] += value }
        }
      }
    }
    return (outputs, Array(featureGradient[..<width]))
  }

  /// Through both directions of a layer; returns ∂L/∂(masked input), `[time][features]`.
  private func layerBackward(
    _ layer: Int, _ trace: Trace, outputGradients: [[Double]], lastStateGradient: [Double], window: Int?,
    gradients: inout ReferenceParameters
  ) -> [[Double]] {
    let hidden = configuration.hiddenSize
    let cell = configuration.cell(ofLayer: layer)
    var inputs = trace.layerInputs[layer].map { [Double](repeating: 0, count: $0.count) }
    for (direction, isReversed) in configuration.direction.isReversed.enumerated() {
      let suffix = configuration.suffix(layer: layer, isReversed: isReversed)
      let columns = direction * hidden..<(direction + 1) * hidden
      let outputs = outputGradients.map { Array($0[columns]) }
      var finalState = cell.zeroState
      finalState[0] = Array(lastStateGradient[columns])
      let weights = parameters.weights(suffix: suffix)
      let read = isReversed ? outputs.reversed() : outputs
      let found: ReferenceCell.RunGradients
      if case .windowed = configuration.running {
        found = cell.backward(
          trace.windows[layer][direction], outputGradients: read, finalStateGradient: finalState,
          weights: weights)
      } else {
        found = cell.backward(
          trace.runs[layer][direction], outputGradients: read, finalStateGradient: finalState,
          weights: weights, window: window,
          restarts: configuration.running.restarts(length: read.count, isReversed: isReversed))
      }
      gradients.add(found.weights, suffix: suffix)
      if configuration.initialState == .learned {
        for (slot, gradient) in found.initialState.enumerated() {
          add(gradient, to: &gradients["rnn.initial_state_\(slot)" + suffix])
        }
      }
      for (t, gradient) in (isReversed ? found.inputs.reversed() : found.inputs).enumerated() {
        add(gradient, to: &inputs[t])
      }
    }
    return inputs
  }
}
