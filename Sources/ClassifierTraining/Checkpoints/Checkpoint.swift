import Cryptography
import FileAccess
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import StrictJSON

/// A training state on disk: a safetensors file whose metadata holds the counters and the settings of the run.
///
/// Written beside its place, synced, and renamed, so that a crash leaves the old one or the new one whole.
public enum Checkpoint {
  static let format = "recurrent-checkpoint/1"

  /// The state beside its parameters.
  private struct Counters: Codable {
    var epoch: Int
    var batch: Int
    var lossSum: Double
    var epochsWithoutImprovement: Int
    var history: [EpochRecord]
    var seconds: Double
    var epochSeconds: Double
    var optimiserSteps: Int
    /// Nil in older files, which took all parts for as long at work as the whole.
    var optimiserUpdates: [Int]?
    var averageUpdates: Int
    var bestEpoch: Int
    var bestScore: Double
    var bestLogLoss: Double

    /// Whether training can count on from these.
    var areSound: Bool {
      Checkpoint.areSound(
        counts: [epoch, batch, epochsWithoutImprovement, optimiserSteps, averageUpdates, bestEpoch]
          + (optimiserUpdates ?? []), times: [seconds, epochSeconds])
        && history.count == epoch && bestEpoch <= epoch
    }
  }

  /// Writes a state.
  /// - Parameter run: what must be the same for a resumed run: settings and data.
  public static func save(
    _ state: TrainingState, _ network: RecurrentNetwork, run: JSONValue, to path: String
  ) throws(CheckpointError) {
    let (tensors, counters) = parts(of: state, network)
    try write(tensors, format: format, state: counters, run: run, to: path)
  }

  /// The bytes of the file that `save` writes.
  package static func bytes(
    of state: TrainingState, _ network: RecurrentNetwork, run: JSONValue
  ) throws -> [UInt8] {
    let (tensors, counters) = parts(of: state, network)
    return try bytes(of: tensors, format: format, state: counters, run: run)
  }

  private static func parts(
    of state: TrainingState, _ network: RecurrentNetwork
  ) -> (tensors: [Tensor], counters: Counters) {
    var tensors: [Tensor] = []
    func add(_ parameters: NetworkParameters, _ prefix: String) {
      for (spec, values) in parameters.namedValues(network) {
        tensors.append(Tensor(name: "\(prefix).\(spec.name)", shape: spec.shape, values: values))
      }
    }
    add(state.parameters, "parameters")
    add(state.optimiser.first, "first")
    add(state.optimiser.second, "second")
    if let average = state.average { add(average.parameters, "average") }
    if let best = state.best { add(best.parameters, "best") }
    let counters = Counters(
      epoch: state.epoch, batch: state.batch, lossSum: state.lossSum,
      epochsWithoutImprovement: state.epochsWithoutImprovement, history: state.history,
      seconds: state.seconds,
      epochSeconds: state.epochSeconds, optimiserSteps: state.optimiser.steps,
      optimiserUpdates: state.optimiser.updates,
      averageUpdates: state.average?.updates ?? 0, bestEpoch: state.best?.epoch ?? 0,
      bestScore: state.best?.score ?? 0, bestLogLoss: state.best?.logLoss ?? 0)
    return (tensors, counters)
  }

  /// Writes a checkpoint of any kind.
  /// - Parameter state: the counters beside the tensors.
  static func write(
    _ tensors: [Tensor], format: String, state: some Encodable, run: JSONValue, to path: String
  ) throws(CheckpointError) {
    do {
      try FileAccess.write(bytes(of: tensors, format: format, state: state, run: run), to: path)
    } catch let error as FileError {
      throw .file(error)
    } catch {
      throw .unwritable(path: path, reason: "\(error)")
    }
  }

  private static func bytes(
    of tensors: [Tensor], format: String, state: some Encodable, run: JSONValue
  ) throws -> [UInt8] {
    let encoded = text(try JSONValueEncoder().encode(state))
    let file = TensorFile(
      tensors: tensors,
      metadata: [
        "format": format, "state": encoded, "run": text(run), "sha256": digest(tensors, state: encoded),
      ])
    return try file.bytes(limits: .checkpoint)
  }

  static func text(_ value: JSONValue) -> String {
    String(decoding: value.canonicalBytes(), as: UTF8.self)
  }

  /// What shows a flipped bit in the numbers, which the file's own structure does not.
  package static func digest(_ tensors: [Tensor], state: String) -> String {
    var hash = SHA256()
    hash.update(state)
    for tensor in tensors.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      hash.update(tensor.name)
      hash.update(tensor.values)
    }
    return hash.hexadecimal
  }

  /// Reads a state of the same run.
  public static func load(
    _ path: String, _ network: RecurrentNetwork, _ options: TrainingOptions, run: JSONValue
  ) throws(CheckpointError) -> TrainingState {
    try state(of: contents(of: path), path: path, network, options, run: run)
  }

  /// The state that a file's bytes hold.
  /// - Parameter path: what errors call it.
  package static func state(
    of bytes: [UInt8], path: String, _ network: RecurrentNetwork, _ options: TrainingOptions, run: JSONValue
  ) throws(CheckpointError) -> TrainingState {
    let (file, counters) = try parse(bytes, of: path, Counters.self, format: format, run: run) { $0.areSound }
    let parameters = try self.parameters(file, "parameters", network, path)
    var state = TrainingState(network, options, parameters: parameters)
    state.optimiser = Optimiser(
      options.optimizer, steps: counters.optimiserSteps,
      updates: try updates(
        counters.optimiserUpdates, steps: counters.optimiserSteps, of: parameters, path: path),
      first: try self.parameters(file, "first", network, path),
      second: try self.parameters(file, "second", network, path))
    if options.average > 0 {
      state.average = WeightAverage(
        decay: options.average, updates: counters.averageUpdates,
        parameters: try self.parameters(file, "average", network, path))
    }
    if counters.bestEpoch > 0 {
      state.best = BestEpoch(
        epoch: counters.bestEpoch, score: counters.bestScore, logLoss: counters.bestLogLoss,
        parameters: try self.parameters(file, "best", network, path))
    }
    state.epoch = counters.epoch
    state.batch = counters.batch
    state.lossSum = counters.lossSum
    state.epochsWithoutImprovement = counters.epochsWithoutImprovement
    state.history = counters.history
    state.seconds = counters.seconds
    state.epochSeconds = counters.epochSeconds
    return state
  }

  /// Whether counts and times of a file are such as training makes: no sum of them can overflow, and a duration can be told.
  static func areSound(counts: [Int], times: [Double]) -> Bool {
    counts.allSatisfy { (0...1 << 48).contains($0) } && times.allSatisfy { (0...1e12).contains($0) }
  }

  /// Steps of each set of parameters, from what a file holds of them.
  static func updates(
    _ found: [Int]?, steps: Int, of parameters: NetworkParameters, path: String
  ) throws(CheckpointError) -> [Int] {
    let count = parameters.sets.count
    let updates = found ?? [Int](repeating: steps, count: count)
    guard updates.count == count, updates.allSatisfy({ $0 <= steps }) else {
      throw .damaged(path: path, reason: "its counters are out of range")
    }
    return updates
  }

  /// Reads a checkpoint of any kind, and checks that it is whole and of the same run.
  /// - Parameter isSound: whether training can count on from the counters.
  /// - Returns: its tensors and counters.
  static func read<State: Decodable>(
    _ path: String, _ type: State.Type, format: String, run: JSONValue, isSound: (State) -> Bool
  ) throws(CheckpointError) -> (file: TensorFile, state: State) {
    try parse(contents(of: path), of: path, type, format: format, run: run, isSound: isSound)
  }

  private static func contents(of path: String) throws(CheckpointError) -> [UInt8] {
    do {
      return try FileAccess.read(path, limit: TensorFileLimits.checkpoint.fileBytes)
    } catch { throw .file(error) }
  }

  /// The same of a file's bytes.
  static func parse<State: Decodable>(
    _ bytes: [UInt8], of path: String, _: State.Type, format: String, run: JSONValue,
    isSound: (State) -> Bool
  ) throws(CheckpointError) -> (file: TensorFile, state: State) {
    do {
      let file = try TensorFile(parsing: bytes, limits: .checkpoint)
      guard file.metadata["format"] == format, let state = file.metadata["state"],
        let found = file.metadata["run"]
      else { throw CheckpointError.damaged(path: path, reason: "it is no \(format) file") }
      let differences = RunDifferences(run, try JSONValue(parsing: Array(found.utf8)))
      guard differences.count == 0 else {
        throw CheckpointError.otherRun(
          path: path, differences: differences.told, more: differences.count - differences.told.count)
      }
      guard file.metadata["sha256"] == digest(file.tensors, state: state) else {
        throw CheckpointError.damaged(path: path, reason: "its digest differs")
      }
      let counters = try JSONValueDecoder().decode(State.self, from: JSONValue(parsing: Array(state.utf8)))
      guard isSound(counters) else {
        throw CheckpointError.damaged(path: path, reason: "its counters are out of range")
      }
      return (file, counters)
    } catch let error as CheckpointError {
      throw error
    } catch {
      throw .damaged(path: path, reason: "\(error)")
    }
  }

  private static func parameters(
    _ file: TensorFile, _ prefix: String, _ network: RecurrentNetwork, _ path: String
  ) throws(CheckpointError) -> NetworkParameters {
    var values: [[Float]] = []
    for spec in network.parameterSpecs {
      guard let tensor = file["\(prefix).\(spec.name)"] else {
        throw .damaged(path: path, reason: "tensor \(prefix).\(spec.name) is missing")
      }
      guard tensor.shape == spec.shape else {
        throw .damaged(
          path: path,
          reason: "tensor \(prefix).\(spec.name) has shape \(tensor.shape), expected \(spec.shape)")
      }
      values.append(tensor.values)
    }
    return NetworkParameters(network, values: values)
  }
}
