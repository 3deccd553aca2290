/// The recurrent classifier in `Double`, one sequence at a time: what the library's kernels are checked against.
///
/// Embedding, layers of cells in one or two directions, a readout of the last states or of pooled outputs,
/// logits, cross-entropy. Everything is a plain loop over `[Double]`, and nothing of the project's own
/// numerics is used. Masks follow `ReferenceMasks`; a layer above the first reads `[forward h_t; backward h_t]`.
package struct ReferenceClassifier: Sendable {
  package let configuration: ReferenceConfiguration
  package var parameters: ReferenceParameters

  package init(configuration: ReferenceConfiguration, parameters: ReferenceParameters) {
    self.configuration = configuration
    self.parameters = parameters
  }

  /// A classifier with random parameters.
  package init(configuration: ReferenceConfiguration, seed: UInt64, scale: Double = 0.5) {
    self.init(
      configuration: configuration,
      parameters: ReferenceParameters(randomFor: configuration, seed: seed, scale: scale))
  }

  /// Everything computed for one sequence.
  package struct Trace: Sendable {
    /// What each layer read, masks applied, `[layer][time][features]`.
    package var layerInputs: [[[Double]]] = []
    /// `[layer][direction]`, each in the order it was processed.
    package var runs: [[ReferenceCell.Run]] = []
    /// Where windows run: one run for each step, `[layer][direction][time]`, the last two in reading order.
    package var windows: [[[ReferenceCell.Run]]] = []
    /// Outputs of the last layer, `[time][directions · hidden]`.
    package var outputs: [[Double]] = []
    /// What the readout saw, before its mask.
    package var features: [Double] = []
    package var logits: [Double] = []

    /// Last states, `[layer][direction][slot][hidden]`.
    package var finalStates: [[[[Double]]]] { runs.map { $0.map(\.finalState) } }
  }

  /// The logits of every sequence, `[batch, classes]`.
  package func logits(_ batch: ReferenceBatch) -> [[Double]] { forward(batch).map(\.logits) }

  /// The mean loss of a batch.
  package func loss(_ batch: ReferenceBatch) -> Double {
    lossFunction.evaluate(logits: logits(batch), labels: batch.labels).loss
  }

  /// Runs every sequence of a batch.
  package func forward(_ batch: ReferenceBatch) -> [Trace] {
    batch.sequences.indices.map { forward(batch, sequence: $0) }
  }

  /// The loss when the states at the edges of windows are the constants found in `traces`. Its derivative is
  /// what truncated BPTT computes, which is how that can be checked by differences.
  package func loss(_ batch: ReferenceBatch, window: Int, statesFrom traces: [Trace]) -> Double {
    let logits = batch.sequences.indices.map {
      forward(batch, sequence: $0, edges: (window, traces[$0])).logits
    }
    return lossFunction.evaluate(logits: logits, labels: batch.labels).loss
  }

  var lossFunction: ReferenceLoss {
    ReferenceLoss(labelSmoothing: configuration.labelSmoothing, classWeights: configuration.classWeights)
  }

  private func forward(
    _ batch: ReferenceBatch, sequence: Int, edges: (window: Int, trace: Trace)? = nil
  ) -> Trace {
    var trace = Trace()
    trace.outputs = batch.sequences[sequence].map { embed($0, masks: batch.masks) }
    for layer in 0..<configuration.layerCount {
      var inputs: [[Double]]
      if let mask = batch.masks.locked?[layer][sequence] {
        inputs = trace.outputs.map { scaled($0, by: mask) }
      } else {
        inputs = trace.outputs
      }
      if layer == 0, let perturbation = batch.perturbation?[sequence] {
        inputs = zip(inputs, perturbation).map { sum($0, $1) }
      }
      var runs: [ReferenceCell.Run] = []
      var windows: [[ReferenceCell.Run]] = []
      for (direction, isReversed) in configuration.direction.isReversed.enumerated() {
        var replaced: [Int: [[Double]]] = [:]
        if let edges {
          for (t, step) in edges.trace.runs[layer][direction].steps.enumerated()
          where t > 0 && t.isMultiple(of: edges.window) {
            replaced[t] = step.before
          }
        }
        let suffix = configuration.suffix(layer: layer, isReversed: isReversed)
        let first = initialState(suffix: suffix)
        for t in configuration.running.restarts(length: inputs.count, isReversed: isReversed) {
          replaced[t] = first
        }
        let read = isReversed ? inputs.reversed() : inputs
        let (cell, weights) = (configuration.cell(ofLayer: layer), parameters.weights(suffix: suffix))
        if case .windowed(let width) = configuration.running {
          windows.append(
            read.indices.map { t in
              cell.run(Array(read[max(0, t - width + 1)...t]), from: first, weights: weights)
            })
          runs.append(
            ReferenceCell.Run(
              initialState: first, steps: windows[direction].compactMap(\.steps.last)))
        } else {
          runs.append(cell.run(read, from: first, weights: weights, replacedStates: replaced))
        }
      }
      trace.outputs = inputs.indices.map { t in
        zip(runs, configuration.direction.isReversed).flatMap { run, isReversed in
          run.steps[isReversed ? inputs.count - 1 - t : t].after[0]
        }
      }
      trace.layerInputs.append(inputs)
      trace.runs.append(runs)
      trace.windows.append(windows)
    }
    trace.features = features(of: trace)
    let masked = batch.masks.readout.map { scaled(trace.features, by: $0[sequence]) } ?? trace.features
    trace.logits = sum(
      product(parameters["readout.weight"], masked, rows: configuration.classCount),
      parameters["readout.bias"])
    return trace
  }

  private func embed(_ token: Int, masks: ReferenceMasks) -> [Double] {
    let size = configuration.inputSize
    let scale = masks.embeddingRows?[token] ?? 1
    return parameters["embedding.weight"][token * size..<(token + 1) * size].map { $0 * scale }
  }

  /// s_0 of the direction of a layer named by `suffix`.
  private func initialState(suffix: String) -> [[Double]] {
    (0..<configuration.cell.slotCount).map { slot in
      switch configuration.initialState {
      case .zero: [Double](repeating: 0, count: configuration.hiddenSize)
      case .learned: parameters["rnn.initial_state_\(slot)" + suffix]
      }
    }
  }

  private func features(of trace: Trace) -> [Double] {
    let last = trace.runs.last?.flatMap { $0.finalState[0] } ?? []
    switch configuration.readout {
    case .last: return last
    case .concat: return last + pooled(trace)
    case .attention:
      return last
        + configuration.direction.isReversed.enumerated().flatMap { direction, isReversed in
          parameters.attention(isReversed: isReversed).forward(
            configuration.outputs(trace, direction: direction)
          ).attended
        }
    }
  }

  /// The maximum, then the mean.
  private func pooled(_ trace: Trace) -> [Double] {
    var maximum = [Double](repeating: 0, count: configuration.outputSize)
    var mean = maximum
    for feature in maximum.indices {
      let column = trace.outputs.map { $0[feature] }
      maximum[feature] = column.max() ?? 0
      mean[feature] = column.isEmpty ? 0 : column.reduce(0, +) / Double(column.count)
    }
    return maximum + mean
  }
}

extension ReferenceConfiguration {
  /// The outputs of one direction of the last layer, `[time, hidden]`.
  func outputs(_ trace: ReferenceClassifier.Trace, direction: Int) -> [[Double]] {
    trace.outputs.map { Array($0[direction * hiddenSize..<(direction + 1) * hiddenSize]) }
  }
}
