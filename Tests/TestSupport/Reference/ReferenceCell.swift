import Foundation

/// One recurrent cell in `Double`, one sequence at a time, written from its equations.
///
/// A state is a list of slots, each `[hidden]`: h_t first, then c_t for an LSTM.
package struct ReferenceCell: Sendable {
  package let kind: ReferenceCellKind
  package let inputSize: Int
  package let hiddenSize: Int

  package init(kind: ReferenceCellKind, inputSize: Int, hiddenSize: Int) {
    self.kind = kind
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
  }

  /// A state of zeros.
  package var zeroState: [[Double]] {
    [[Double]](repeating: [Double](repeating: 0, count: hiddenSize), count: kind.slotCount)
  }

  /// What one step read, computed and left behind.
  package struct Step: Sendable {
    package var input: [Double]
    /// s_{t-1}
    package var before: [[Double]]
    /// s_t
    package var after: [[Double]]
    /// Values after their non-linearities. LSTM: i, f, g, o, tanh(c_t). GRU: r, z, n, and the recurrent
    /// product of the candidate with its bias, W_hn h_{t-1} + b_hn (reset after) or W_hn (r ⊙ h_{t-1}) + b_hn.
    package var saved: [[Double]]
  }

  /// Advances `state` by the time step whose input is `input`.
  package func step(_ input: [Double], state: [[Double]], weights: ReferenceWeights) -> Step {
    switch kind {
    case .vanillaTanh, .vanillaReLU: vanillaStep(input, state: state, weights: weights)
    case .lstm: lstmStep(input, state: state, weights: weights)
    case .gruResetAfter, .gruResetBefore: gruStep(input, state: state, weights: weights)
    }
  }

  private func vanillaStep(_ input: [Double], state: [[Double]], weights: ReferenceWeights) -> Step {
    let a = sum(
      inputProjection(input, weights), recurrentProjection(state[0], weights, gates: 0..<kind.gateCount))
    let h = kind == .vanillaTanh ? applying(tanh, to: a) : applying({ max(0, $0) }, to: a)
    return Step(input: input, before: state, after: [h], saved: [])
  }

  private func lstmStep(_ input: [Double], state: [[Double]], weights: ReferenceWeights) -> Step {
    let a = sum(
      inputProjection(input, weights), recurrentProjection(state[0], weights, gates: 0..<kind.gateCount))
    let i = applying(sigmoid, to: gate(0, of: a))
    let f = applying(sigmoid, to: gate(1, of: a))
    let g = applying(tanh, to: gate(2, of: a))
    let o = applying(sigmoid, to: gate(3, of: a))
    let c = sum(scaled(f, by: state[1]), scaled(i, by: g))
    let tanhC = applying(tanh, to: c)
    return Step(input: input, before: state, after: [scaled(o, by: tanhC), c], saved: [i, f, g, o, tanhC])
  }

  private func gruStep(_ input: [Double], state: [[Double]], weights: ReferenceWeights) -> Step {
    let h = state[0]
    let x = inputProjection(input, weights)
    let resetAndUpdate = recurrentProjection(h, weights, gates: 0..<2)
    let r = applying(sigmoid, to: sum(gate(0, of: x), gate(0, of: resetAndUpdate)))
    let z = applying(sigmoid, to: sum(gate(1, of: x), gate(1, of: resetAndUpdate)))
    let recurrent: [Double]
    let n: [Double]
    if kind == .gruResetAfter {
      recurrent = recurrentProjection(h, weights, gates: 2..<3)
      n = applying(tanh, to: sum(gate(2, of: x), scaled(r, by: recurrent)))
    } else {
      recurrent = recurrentProjection(scaled(r, by: h), weights, gates: 2..<3)
      n = applying(tanh, to: sum(gate(2, of: x), recurrent))
    }
    var next = [Double](repeating: 0, count: hiddenSize)
    for k in 0..<hiddenSize { next[k] = (1 - z[k]) * n[k] + z[k] * h[k] }
    return Step(input: input, before: state, after: [next], saved: [r, z, n, recurrent])
  }

  /// W_ih x + b_ih, for all gates.
  private func inputProjection(_ input: [Double], _ weights: ReferenceWeights) -> [Double] {
    sum(product(weights.input, input, rows: kind.gateCount * hiddenSize), weights.inputBias)
  }

  /// W_hh v + b_hh, for the rows of `gates` only.
  private func recurrentProjection(
    _ vector: [Double], _ weights: ReferenceWeights, gates: Range<Int>
  ) -> [Double] {
    let rows = gates.lowerBound * hiddenSize..<gates.upperBound * hiddenSize
    let matrix = weights.recurrent[rows.lowerBound * hiddenSize..<rows.upperBound * hiddenSize]
    return sum(product(Array(matrix), vector, rows: rows.count), Array(weights.recurrentBias[rows]))
  }

  /// The rows of one gate in a stacked vector.
  func gate(_ index: Int, of stacked: [Double]) -> [Double] {
    Array(stacked[index * hiddenSize..<(index + 1) * hiddenSize])
  }

  private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
