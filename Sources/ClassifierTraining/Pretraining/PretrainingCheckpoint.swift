import FileAccess
import ModelPackage
import RecurrentCells
import SequenceClassifier
import StrictJSON

/// A pretraining state on disk, as `Checkpoint` keeps a classifier's.
public enum PretrainingCheckpoint {
  static let format = "recurrent-pretraining-checkpoint/1"

  /// The state beside its parameters.
  private struct Counters: Codable {
    var epoch: Int
    var window: Int
    var lossSums: [Double]
    var tokens: Int
    var history: [PretrainingEpoch]
    var seconds: Double
    var epochSeconds: Double
    var optimiserSteps: Int
    /// As in `Checkpoint`.
    var optimiserUpdates: [Int]?

    func areSound(directions: Int) -> Bool {
      Checkpoint.areSound(
        counts: [epoch, window, tokens, optimiserSteps] + (optimiserUpdates ?? []),
        times: [seconds, epochSeconds])
        && history.count == epoch && lossSums.count == directions
    }
  }

  /// Writes a state.
  /// - Parameter run: what must be the same for a resumed run: settings and texts.
  public static func save(_ state: PretrainingState, _ model: LanguageModel, run: JSONValue, to path: String)
    throws(CheckpointError)
  {
    var tensors: [Tensor] = []
    for (prefix, parameters) in [
      ("parameters", state.parameters), ("first", state.optimiser.first), ("second", state.optimiser.second),
    ] {
      for (name, shape, values) in model.namedValues(parameters) {
        tensors.append(Tensor(name: "\(prefix).\(name)", shape: shape, values: values))
      }
    }
    for (direction, slots) in state.carried.enumerated() {
      for (slot, values) in slots.enumerated() {
        tensors.append(Tensor(name: "carried.\(direction).\(slot)", shape: [values.count], values: values))
      }
    }
    let counters = Counters(
      epoch: state.epoch, window: state.window, lossSums: state.lossSums, tokens: state.tokens,
      history: state.history, seconds: state.seconds, epochSeconds: state.epochSeconds,
      optimiserSteps: state.optimiser.steps, optimiserUpdates: state.optimiser.updates)
    try Checkpoint.write(tensors, format: format, state: counters, run: run, to: path)
  }

  /// Reads a state of the same run.
  public static func load(
    _ path: String, _ model: LanguageModel, _ options: PretrainingOptions, run: JSONValue
  ) throws(CheckpointError) -> PretrainingState {
    let (file, counters) = try Checkpoint.read(path, Counters.self, format: format, run: run) {
      $0.areSound(directions: model.layers.count)
    }
    func values(_ name: String, count: Int) throws(CheckpointError) -> [Float] {
      guard let tensor = file[name], tensor.values.count == count else {
        throw .damaged(path: path, reason: "tensor \(name) is missing or has another size")
      }
      return tensor.values
    }
    func parameters(_ prefix: String) throws(CheckpointError) -> NetworkParameters {
      try model.parameters { (name, shape) throws(CheckpointError) in
        try values("\(prefix).\(name)", count: shape.reduce(1, *))
      }
    }
    let found = try parameters("parameters")
    var state = PretrainingState(model, options, parameters: found)
    state.optimiser = Optimiser(
      options.optimizer, steps: counters.optimiserSteps,
      updates: try Checkpoint.updates(
        counters.optimiserUpdates, steps: counters.optimiserSteps, of: found, path: path),
      first: try parameters("first"), second: try parameters("second"))
    for (direction, layer) in model.layers.enumerated() {
      var slots: [[Float]] = []
      for (slot, spec) in layer.cell.stateSlots.enumerated() {
        slots.append(try values("carried.\(direction).\(slot)", count: options.streams * spec.width))
      }
      state.carried.append(slots)
    }
    state.epoch = counters.epoch
    state.window = counters.window
    state.lossSums = counters.lossSums
    state.tokens = counters.tokens
    state.history = counters.history
    state.seconds = counters.seconds
    state.epochSeconds = counters.epochSeconds
    return state
  }
}
