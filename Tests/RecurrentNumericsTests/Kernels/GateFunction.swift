import CRecurrentKernels
import Foundation
import RecurrentNumerics

/// One gate function of the kernels, and arguments for it that are the same at every level.
enum GateFunction: String, CaseIterable, Sendable {
  case tanhBackward, reluBackward
  case lstmForward, lstmBackward
  case gruAfterForward, gruAfterBackward
  case gruBeforeResetForward, gruBeforeOutputForward, gruBeforeOutputBackward, gruBeforeResetBackward

  var gates: Int {
    switch self {
    case .tanhBackward, .reluBackward: 1
    case .lstmForward, .lstmBackward: 4
    default: 3
    }
  }

  /// Which arguments the header lets share memory: the output, and the input that it may be.
  var allowedAliases: [(output: Int, input: Int)] {
    switch self {
    case .tanhBackward, .reluBackward: [(2, 0), (2, 1)]
    case .lstmForward: [(2, 0), (3, 1)]
    case .lstmBackward: [(5, 0)]
    case .gruAfterForward: [(3, 0), (5, 2)]
    case .gruAfterBackward: [(4, 0)]
    case .gruBeforeOutputForward: [(2, 0), (3, 1)]
    default: []
    }
  }

  /// The arguments after the sizes, in order, with random values; gates are activations where the function wants them.
  func arguments(rows: Int, hidden: Int, seed: UInt64) -> [[Float]] {
    let count = rows * hidden
    func plain(_ width: Int, _ key: UInt64) -> [Float] {
      KernelFixture.random(width * count, in: -3..<3, seed: seed &* 31 &+ key)
    }
    func squashed() -> [Float] { KernelFixture.random(count, in: -1..<1, seed: seed &* 31 &+ 60) }
    /// Rows of gates in (0, 1), the third in (−1, 1).
    func activations() -> [Float] {
      KernelFixture.random(gates * count, in: 0.01..<0.99, seed: seed &* 31 &+ 70).enumerated().map {
        index, value in
        index / hidden % gates == 2 ? 2 * value - 1 : value
      }
    }
    let empty = [Float](repeating: .nan, count: count)
    switch self {
    case .tanhBackward: return [squashed(), plain(1, 1), empty]
    case .reluBackward: return [plain(1, 0).map { max($0, 0) }, plain(1, 1), empty]
    case .lstmForward:
      return [plain(4, 0), plain(1, 1), empty + empty + empty + empty, empty, empty, empty]
    case .lstmBackward:
      return [
        activations(), plain(1, 1), squashed(), plain(1, 2), plain(1, 3), empty + empty + empty + empty,
      ]
    case .gruAfterForward:
      return [plain(3, 0), plain(3, 1), plain(1, 2), empty + empty + empty, empty, empty]
    case .gruAfterBackward:
      return [
        activations(), plain(1, 1), plain(1, 2), plain(1, 3), empty + empty + empty, empty + empty + empty,
      ]
    case .gruBeforeResetForward: return [plain(3, 0), plain(1, 1), empty]
    case .gruBeforeOutputForward: return [activations(), plain(1, 1), empty + empty + empty, empty]
    case .gruBeforeOutputBackward: return [activations(), plain(1, 1), plain(1, 2), plain(3, 9)]
    case .gruBeforeResetBackward:
      return [activations(), plain(1, 1), plain(1, 2), plain(1, 3), plain(3, 9)]
    }
  }

  /// The arguments after the call. With `alias`, the output is the very memory of the input.
  func run(
    _ kernels: rk_kernels, rows: Int, hidden: Int, _ arguments: [[Float]],
    alias: (output: Int, input: Int)? = nil
  ) -> [[Float]] {
    var memory = arguments.map { EdgeFloats($0) }
    if let alias { memory[alias.output] = memory[alias.input] }
    let p = memory.map(\.start)
    switch self {
    case .tanhBackward: kernels.tanh_backward(rows * hidden, p[0], p[1], p[2])
    case .reluBackward: kernels.relu_backward(rows * hidden, p[0], p[1], p[2])
    case .lstmForward: kernels.lstm_forward(rows, hidden, p[0], p[1], p[2], p[3], p[4], p[5])
    case .lstmBackward: kernels.lstm_backward(rows, hidden, p[0], p[1], p[2], p[3], p[4], p[5])
    case .gruAfterForward:
      kernels.gru_after_forward(rows, hidden, p[0], nil, p[1], p[2], p[3], p[4], p[5])
    case .gruAfterBackward: kernels.gru_after_backward(rows, hidden, p[0], p[1], p[2], p[3], p[4], p[5])
    case .gruBeforeResetForward: kernels.gru_before_reset_forward(rows, hidden, p[0], p[1], p[2])
    case .gruBeforeOutputForward: kernels.gru_before_output_forward(rows, hidden, p[0], p[1], p[2], p[3])
    case .gruBeforeOutputBackward: kernels.gru_before_output_backward(rows, hidden, p[0], p[1], p[2], p[3])
    case .gruBeforeResetBackward:
      kernels.gru_before_reset_backward(rows, hidden, p[0], p[1], p[2], p[3], p[4])
    }
    return memory.map(\.values)
  }
}
