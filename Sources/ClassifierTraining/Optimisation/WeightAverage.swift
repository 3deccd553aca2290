import CRecurrentKernels
import RecurrentNumerics
import SequenceClassifier

/// An exponential moving average of parameters, which is what gets evaluated and packed.
///
///     d_n = min(decay, (1 + n) / (10 + n)),  average ← d_n · average + (1 − d_n) · parameters
///
/// The ramp of d_n keeps the first values from lingering (as in TensorFlow's `ExponentialMovingAverage`).
public struct WeightAverage: Sendable {
  /// Upper bound of d_n, `training.average`: above 0 and below 1, which is not checked here.
  public let decay: Double
  /// n, the updates so far.
  public private(set) var updates: Int
  /// The average itself.
  public private(set) var parameters: NetworkParameters

  /// An average that starts as `parameters`: the first ones, or with `updates` what a checkpoint kept.
  public init(decay: Double, updates: Int = 0, parameters: NetworkParameters) {
    self.decay = decay
    self.updates = updates
    self.parameters = parameters
  }

  /// Moves the average towards `current`, of the same shapes: every number, words of no batch included.
  public mutating func update(_ current: NetworkParameters, pool: WorkerPool, kernels: KernelSet) {
    updates += 1
    let n = Double(updates)
    let factor = Float(Swift.min(decay, (1 + n) / (10 + n)))
    func average(_ target: inout ParameterSet, _ source: ParameterSet) {
      target.values.withUnsafeMutableBufferPointer { y in
        source.values.withUnsafeBufferPointer { x in
          guard let y = y.baseAddress, let start = x.baseAddress else { return }
          let pair = AveragePointers(average: y, current: start)
          pool.runParts(of: x.count, minimum: 65_536) { part in
            kernels.functions.pointee.average(
              part.count, factor, pair.current + part.lowerBound, pair.average + part.lowerBound)
          }
        }
      }
    }
    average(&parameters.embedding, current.embedding)
    for index in parameters.layers.indices { average(&parameters.layers[index], current.layers[index]) }
    average(&parameters.readout, current.readout)
  }
}

/// Threads write parts of `average` that do not overlap.
private struct AveragePointers: @unchecked Sendable {
  let average: UnsafeMutablePointer<Float>
  let current: UnsafePointer<Float>
}
