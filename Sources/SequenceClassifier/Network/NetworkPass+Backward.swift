import RecurrentCells
import RecurrentNumerics

/// The way back through a network.
extension NetworkPass {
  /// Back-propagates ∂L/∂logits `[batch, labels]`, in the order of the batch's layout, adding to `gradients`.
  ///
  /// Follows a `recordedLogits` of the same batch. Where that was truncated, gradients stop at the cuts.
  /// - Parameter inputGradient: gets ∂L/∂X `[rows, embedding]` of the embedded words after all masks and perturbations,
  ///   in the order of the batch's layout, both directions together. Windowed networks have none.
  public func backward(
    _ logitGradient: Matrix, _ bound: BoundNetwork, _ batch: TokenBatch,
    into gradients: inout NetworkGradients, inputGradient: Matrix? = nil
  ) {
    backward(
      logitGradient, bound, batch, into: &gradients, inputGradient: inputGradient, needsWeightGradients: true)
  }

  /// Back-propagates ∂L/∂logits to ∂L/∂X only, the same bits as `backward` gives, at half its cost.
  ///
  /// Follows a `recordedLogits` of the same batch; no gradient of a parameter is computed. Windowed networks have none.
  public func inputGradient(
    _ logitGradient: Matrix, _ bound: BoundNetwork, _ batch: TokenBatch, into inputGradient: Matrix
  ) {
    backward(
      logitGradient, bound, batch, into: &unreadGradients, inputGradient: inputGradient,
      needsWeightGradients: false)
  }

  func backward(
    _ logitGradient: Matrix, _ bound: BoundNetwork, _ batch: TokenBatch,
    into gradients: inout NetworkGradients, inputGradient: Matrix?, needsWeightGradients: Bool
  ) {
    precondition(
      inputGradient == nil || network.running.windowLength == nil, "an input gradient of windowed texts")
    if needsWeightGradients { accumulateReadoutGradients(logitGradient, bound, into: &gradients.readout) }
    backwardReadout(logitGradient, bound)
    let layout = batch.layout
    inputGradient?.reshape(rows: layout.rows, columns: network.embeddingSize)
    inputGradient?.setToZero()
    for level in stride(from: runs.count - 1, through: 0, by: -1) {
      let directions = runs[level]
      let isTop = level == runs.count - 1
      let outputSize = network.levels[level][0].cell.outputSize
      if level > 0 {
        levelInputGradients[level].reshape(
          rows: layout.rows, columns: network.levels[level][0].cell.inputSize)
        levelInputGradients[level].setToZero()
      }
      for (direction, run) in directions.enumerated() {
        let position = level * directions.count + direction
        run.stateGradient.reset(batchSize: layout.batchSize)
        if isTop {
          summaries[direction].beginBackward(
            featureGradient, texts: batch.pieces(isReversed: run.layer.isReversed),
            columns: network.featureColumns(direction: direction),
            lastOutputGradient: run.stateGradient.slots[0])
          summaryGradients.setToZero()
        }
        let kernel = bound.cells[level][direction]
        if level == 0, needsWeightGradients, let words { words.beginBackward(width: kernel.projectionWidth) }
        for index in stride(from: windows.count - 1, through: 0, by: -1) {
          let record = run.record(index, scratch)
          record.tape.needsWeightGradients = needsWeightGradients
          let firstStep = windows[index].steps.lowerBound
          windowOutputGradient.reshape(rows: record.layout.rows, columns: outputSize)
          var hasOutputGradient = true
          if isTop {
            hasOutputGradient = summaries[direction].writeOutputGradient(
              summaryWindow(record, layout, firstStep: firstStep), output: record.output,
              weights: bound.summaryWeights[direction], gradients: &summaryGradients,
              into: windowOutputGradient)
          } else {
            gatherOutputGradient(
              levelInputGradients[level + 1], column: direction * outputSize, run: run, batch: batch,
              firstStep: firstStep, into: windowOutputGradient)
          }
          if let windowed = run.windowed {
            if index == windows.count - 1 { windowed.beginBackward(layout, width: kernel.projectionWidth) }
            withWholeProjection(windowed, level: level, direction: direction, run: run) {
              windowed.backward(
                kernel, bound.parameters.layers[position], $0, layout, steps: windows[index].steps,
                outputGradient: hasOutputGradient ? windowOutputGradient : nil,
                lastGradient: run.stateGradient.slots[0], kernels: bound.kernels,
                gradients: &gradients.layers[position])
            }
            continue
          }
          projectionGradient.reshape(rows: record.layout.rows, columns: kernel.projectionWidth)
          kernel.backward(
            hasOutputGradient ? windowOutputGradient : nil, stateGradient: run.stateGradient,
            output: record.output, record.layout, tape: record.tape, projectionGradient: projectionGradient,
            gradients: &gradients.layers[position])
          if level == 0, let words {
            if needsWeightGradients {
              words.accumulate(
                projectionGradient, isReversed: run.layer.isReversed, firstRow: layout.rowOffsets[firstStep],
                kernels: bound.kernels)
            }
            if let inputGradient {
              // Words share what they project, but each place has a gradient of its own.
              fillInput(record, level: 0, run: run, batch: batch, firstStep: firstStep, bound: bound)
              windowInputGradient.reshape(rows: record.layout.rows, columns: run.layer.cell.inputSize)
              record.tape.needsWeightGradients = false
              func project(_ unread: inout ParameterSet) {
                kernel.projectBackward(
                  projectionGradient, input: record.input, inputGradient: windowInputGradient,
                  tape: record.tape, gradients: &unread)
              }
              // The words' weight gradients follow in `finishBackward`.
              if needsWeightGradients {
                project(&unreadGradients.layers[position])
              } else {
                project(&gradients.layers[position])
              }
              record.tape.needsWeightGradients = needsWeightGradients
              addWindow(
                to: inputGradient, record, run: run, batch: batch, firstStep: firstStep, bound.kernels)
            }
          } else {
            windowInputGradient.reshape(rows: record.layout.rows, columns: run.layer.cell.inputSize)
            kernel.projectBackward(
              projectionGradient, input: record.input, inputGradient: windowInputGradient, tape: record.tape,
              gradients: &gradients.layers[position])
            if level == 0, let inputGradient {
              addWindow(
                to: inputGradient, record, run: run, batch: batch, firstStep: firstStep, bound.kernels)
            }
            if level > 0 || needsWeightGradients {
              applyInputMask(windowInputGradient, record.layout, level: level, kernels: bound.kernels)
              passDown(
                record, level: level, run: run, batch: batch, firstStep: firstStep, kernels: bound.kernels,
                into: gradients.embedding)
            }
          }
          if index > 0 && windows[index].isCut { cut(run.stateGradient, live: record.layout.liveRows[0]) }
        }
        guard needsWeightGradients else { continue }
        if let windowed = run.windowed, windows.count > 0 {
          backwardWhole(
            windowed, level: level, run: run, kernel: kernel, batch, bound,
            gradients: &gradients.layers[position], embedding: gradients.embedding)
        }
        if level == 0, let words, windows.count > 0 {
          words.finishBackward(
            kernel, tape: run.record(0, scratch).tape, multiplier: rowMultiplier, kernels: bound.kernels,
            gradients: &gradients.layers[position], embedding: gradients.embedding)
        }
        if isTop {
          gradients.readout.add(
            summaryGradients, at: network.summaryRange(direction: direction).lowerBound,
            kernels: bound.kernels)
        }
        run.layer.accumulateInitialStateGradient(
          run.stateGradient, kernels: bound.kernels, into: &gradients.layers[position])
      }
    }
  }

  /// Takes the gradients of the whole batch's projections to the level below.
  func backwardWhole(
    _ windowed: WindowedRun, level: Int, run: DirectionRun, kernel: any CellKernel, _ batch: TokenBatch,
    _ bound: BoundNetwork, gradients: inout ParameterSet, embedding: EmbeddingGradient
  ) {
    if level == 0, let words {
      words.accumulate(
        windowed.projectionGradient, isReversed: run.layer.isReversed, firstRow: 0, kernels: bound.kernels)
      return
    }
    let inputs = windowed.inputs
    windowInputGradient.reshape(rows: batch.layout.rows, columns: run.layer.cell.inputSize)
    kernel.projectBackward(
      windowed.projectionGradient, input: inputs.input, inputGradient: windowInputGradient,
      tape: inputs.tape, gradients: &gradients)
    applyInputMask(windowInputGradient, inputs.layout, level: level, kernels: bound.kernels)
    passDown(
      inputs, level: level, run: run, batch: batch, firstStep: 0, kernels: bound.kernels, into: embedding)
  }

  func accumulateReadoutGradients(
    _ logitGradient: Matrix, _ bound: BoundNetwork, into gradients: inout ParameterSet
  ) {
    let (labels, width) = (network.labelCount, network.featureSize)
    let offsets = gradients.offsets
    gradients.values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      accumulateTransposedProduct(
        logitGradient.pointer, columns: labels, stride: labels, features.pointer, columns: width,
        rows: features.rows, into: base + offsets[0], outputStride: width, packing: packing,
        kernels: bound.readoutKernels)
      bound.kernels.addColumnSums(
        logitGradient.pointer, rows: logitGradient.rows, columns: labels, to: base + offsets[1])
    }
  }

  func backwardReadout(_ logitGradient: Matrix, _ bound: BoundNetwork) {
    let (labels, width) = (network.labelCount, network.featureSize)
    featureGradient.reshape(rows: features.rows, columns: width)
    bound.readoutWeightBackward.matrix.product(
      logitGradient.pointer, rows: features.rows, stride: labels, into: featureGradient.pointer,
      outputStride: width,
      accumulating: false)
    if dropout != nil {
      bound.kernels.multiply(featureGradient.pointer, by: featureMask.pointer, count: featureGradient.count)
    }
  }

  func gatherOutputGradient(
    _ source: Matrix, column: Int, run: DirectionRun, batch: TokenBatch, firstStep: Int, into target: Matrix
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    for row in 0..<target.rows {
      let from = run.layer.isReversed ? Int(batch.reversedRows[first + row]) : first + row
      target.row(row).update(from: source.row(from) + column, count: target.columns)
    }
  }

  /// Adds a window's ∂L/∂x_t to those of the whole batch.
  func addWindow(
    to inputGradient: Matrix, _ record: WindowRecord, run: DirectionRun, batch: TokenBatch, firstStep: Int,
    _ kernels: KernelSet
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    for row in 0..<record.layout.rows {
      let to = run.layer.isReversed ? Int(batch.reversedRows[first + row]) : first + row
      kernels.add(windowInputGradient.row(row), count: inputGradient.columns, to: inputGradient.row(to))
    }
  }

  /// Adds a window's ∂L/∂x_t to the level below, or to the embedding.
  func passDown(
    _ record: WindowRecord, level: Int, run: DirectionRun, batch: TokenBatch, firstStep: Int,
    kernels: KernelSet,
    into embedding: EmbeddingGradient
  ) {
    let first = batch.layout.rowOffsets[firstStep]
    let dropsRows = (dropout?.rates.embeddingRows ?? 0) > 0
    for row in 0..<record.layout.rows {
      let to = run.layer.isReversed ? Int(batch.reversedRows[first + row]) : first + row
      if level > 0 {
        kernels.add(
          windowInputGradient.row(row), count: windowInputGradient.columns,
          to: levelInputGradients[level].row(to))
      } else {
        embedding.add(
          windowInputGradient.row(row), multiplier: dropsRows ? rowMultipliers[to] : 1,
          token: batch.tokens[to],
          kernels: kernels)
      }
    }
  }

  /// Stops the gradient of sequences that go on past a window's first edge; those that ended before keep theirs.
  func cut(_ stateGradient: CellState, live: Int) {
    for slot in stateGradient.slots { slot.pointer.update(repeating: 0, count: live * slot.columns) }
  }
}
