import Foundation
import RecurrentCells
import RecurrentNumerics

/// One step of the minimal gated unit and its derivative.
struct MinimalGatedKernel: StepwiseKernel {
  let stateSlots: [StateSlot]
  private let weights: ParameterSet
  let inputSize: Int
  private let hidden: Int

  init(_ weights: ParameterSet, inputSize: Int, hidden: Int, slots: [StateSlot]) {
    self.weights = weights
    self.inputSize = inputSize
    self.hidden = hidden
    stateSlots = slots
  }

  /// f and n.
  var recordWidth: Int { 2 * hidden }

  func step(_ input: [Float], state: [Float]) -> (state: [Float], record: [Float]) {
    let gate = (0..<hidden).map { 1 / (1 + exp(-preactivation(row: $0, input, state))) }
    let gated = zip(gate, state).map { $0 * $1 }
    let new = (0..<hidden).map { tanh(preactivation(row: hidden + $0, input, gated)) }
    return ((0..<hidden).map { (1 - gate[$0]) * state[$0] + gate[$0] * new[$0] }, gate + new)
  }

  func stepGradient(
    _ stateGradient: [Float], input: [Float], previousState: [Float], record: [Float],
    gradients: inout ParameterSet
  ) -> (input: [Float], previousState: [Float]) {
    let gate = Array(record[..<hidden])
    let new = Array(record[hidden...])
    var inputGradient = [Float](repeating: 0, count: inputSize)
    var previousGradient = (0..<hidden).map { stateGradient[$0] * (1 - gate[$0]) }

    var newSum = [Float](repeating: 0, count: hidden)
    for unit in 0..<hidden { newSum[unit] = stateGradient[unit] * gate[unit] * (1 - new[unit] * new[unit]) }
    var gatedGradient = [Float](repeating: 0, count: hidden)
    let gated = zip(gate, previousState).map { $0 * $1 }
    propagate(
      newSum, firstRow: hidden, input, gated, inputGradient: &inputGradient, stateGradient: &gatedGradient,
      into: &gradients)

    var gateSum = [Float](repeating: 0, count: hidden)
    for unit in 0..<hidden {
      let direct: Float = stateGradient[unit] * (new[unit] - previousState[unit])
      let throughNew: Float = gatedGradient[unit] * previousState[unit]
      gateSum[unit] = (direct + throughNew) * gate[unit] * (1 - gate[unit])
    }
    for unit in 0..<hidden { previousGradient[unit] += gatedGradient[unit] * gate[unit] }
    propagate(
      gateSum, firstRow: 0, input, previousState, inputGradient: &inputGradient,
      stateGradient: &previousGradient,
      into: &gradients)
    return (inputGradient, previousGradient)
  }

  private func preactivation(row: Int, _ input: [Float], _ state: [Float]) -> Float {
    var sum = weights.values[weights.offsets[2] + row]
    for column in 0..<inputSize {
      sum += weights.values[weights.offsets[0] + row * inputSize + column] * input[column]
    }
    for column in 0..<hidden {
      sum += weights.values[weights.offsets[1] + row * hidden + column] * state[column]
    }
    return sum
  }

  /// The derivative of `hidden` rows of pre-activations from `firstRow` on.
  private func propagate(
    _ sums: [Float], firstRow: Int, _ input: [Float], _ state: [Float], inputGradient: inout [Float],
    stateGradient: inout [Float], into gradients: inout ParameterSet
  ) {
    for (unit, sum) in sums.enumerated() {
      let row = firstRow + unit
      let (inputStart, stateStart) = (weights.offsets[0] + row * inputSize, weights.offsets[1] + row * hidden)
      for column in 0..<inputSize {
        gradients.values[inputStart + column] += sum * input[column]
        inputGradient[column] += sum * weights.values[inputStart + column]
      }
      for column in 0..<hidden {
        gradients.values[stateStart + column] += sum * state[column]
        stateGradient[column] += sum * weights.values[stateStart + column]
      }
      gradients.values[weights.offsets[2] + row] += sum
    }
  }
}
