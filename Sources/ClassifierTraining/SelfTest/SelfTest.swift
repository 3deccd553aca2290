import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// Proves on the machine at hand what is promised: kernel levels agree, and neither batches nor threads change a bit.
///
/// Networks and texts are made up from fixed seeds, with every registered cell and readout in them, and sizes that fill no
/// vector register. What is checked is what programs run: the same passes, pool and trainer.
public struct SelfTest {
  /// A promise, and whether it was kept.
  public struct Outcome: Sendable, Equatable {
    /// What was checked, such as `batch invariance`.
    public let promise: String
    /// Of what: a cell, or a package.
    public let subject: String
    /// What was found, in a few words.
    public let finding: String
    /// Whether the promise holds; one that does not makes `rnnpkg selftest` fail.
    public let isKept: Bool

    init(_ promise: String, _ subject: String, _ finding: String, isKept: Bool) {
      self.promise = promise
      self.subject = subject
      self.finding = finding
      self.isKept = isKept
    }
  }

  /// The most that logits of two kernel levels may differ, relative to the largest or 1.
  public static let levelTolerance = Classifier.goldenTolerance

  private let cells: CellRegistry
  private let readouts: ReadoutRegistry
  private let kernels: KernelSet
  private let configuration: (CellKind) -> JSONValue
  /// One thread, and more: of a machine with few processors, more than it has.
  private let pools: [WorkerPool]

  /// - Parameters:
  ///   - kernels: the set whose bits are compared; levels are compared with the generic one.
  ///   - configuration: of a cell: one of your own may take more than a width.
  public init(
    cells: CellRegistry = .standard, readouts: ReadoutRegistry = .standard, kernels: KernelSet = .best,
    configuration: @escaping (CellKind) -> JSONValue = { _ in ["hidden": 37] }
  ) {
    self.cells = cells
    self.readouts = readouts
    self.kernels = kernels
    self.configuration = configuration
    pools = [1, 2, 3, 8].map { WorkerPool(threads: $0) }
  }

  /// All checks that need no package, each reported as it is done.
  /// - Parameter comparesLevels: `false` leaves out that kernel levels agree, so that determinism remains.
  /// - Throws: where a cell refuses its configuration, before the first report.
  public func run(comparesLevels: Bool = true, _ report: (Outcome) -> Void) throws {
    for sample in try samples() {
      for level in KernelSet.supportedLevels where comparesLevels && level != .generic {
        if let outcome = agreement(of: level, sample) { report(outcome) }
      }
      report(batchInvariance(sample))
      report(threadInvariance(sample))
      report(try trainingInvariance(sample))
    }
  }

  /// A network of every cell, and one of every readout.
  private func samples() throws -> [SampleNetwork] {
    // Every sum of the cell, the maximum and the mean of its outputs: a readout that shows any difference.
    guard let first = cells.kinds.first,
      let main = readouts.kinds.first(where: { $0 == ConcatReadout.kind }) ?? readouts.kinds.first
    else { return [] }
    func sample(_ cell: CellKind, _ readout: ReadoutKind, _ subject: String) throws -> SampleNetwork {
      try SampleNetwork(
        subject, cell: cell, configuration: configuration(cell), readout: readout, cells: cells,
        readouts: readouts)
    }
    return try cells.kinds.map { try sample($0, main, $0.rawValue) }
      + readouts.kinds.filter { $0 != main }.map {
        try sample(first, $0, "\(first.rawValue), \($0.rawValue)")
      }
  }

  /// The golden cases of a package, and its answers in batches and with threads.
  public func run(on package: ModelPackage, _ report: (Outcome) -> Void) throws {
    let subject = package.manifest.reference
    let classifier = try Classifier(package, cells: cells, readouts: readouts, kernels: kernels)
    let cases = package.goldenCases
    let mismatches = classifier.mismatches(of: cases)
    report(
      Outcome(
        "golden cases", subject, mismatches.first.map { "\($0)" } ?? "\(cases.count) replayed",
        isKept: mismatches.isEmpty))
    let texts = cases.map(\.text) + SampleTexts.words(count: 60)
    let alone = try texts.map { try classifier.classify($0) }
    var differing = 0
    for pool in pools {
      let together = try classifier.classify(texts, pool: pool)
      differing += zip(alone, together).count { $0 != $1 }
    }
    report(
      Outcome(
        "batch and thread invariance", subject, Self.finding(differing, of: "\(texts.count) texts"),
        isKept: differing == 0))
  }

  private func agreement(of level: KernelLevel, _ sample: SampleNetwork) -> Outcome? {
    guard let set = KernelSet(level: level), let generic = KernelSet(level: .generic) else { return nil }
    let expected = sample.logits(generic)
    let found = sample.logits(set)
    let scale = expected.joined().reduce(1) { max($0, $1.magnitude) }
    let worst = zip(expected.joined(), found.joined()).reduce(0) { max($0, ($1.0 - $1.1).magnitude) } / scale
    return Outcome(
      "\(level.rawValue) agrees with generic", sample.subject, "largest difference \(worst)",
      // A comparison with NaN is false.
      isKept: worst <= Self.levelTolerance)
  }

  private func batchInvariance(_ sample: SampleNetwork) -> Outcome {
    let together = sample.logits(kernels)
    let bound = BoundNetwork(sample.network, sample.parameters, kernels: kernels)
    let pass = NetworkPass(sample.network)
    var differing = 0
    for (tokens, logits) in zip(sample.texts.tokens, together) {
      if pass.logits(bound, sample.network.batch([tokens])).rowValues(0) != logits { differing += 1 }
    }
    let reversed = pass.logits(bound, Array(sample.texts.tokens.reversed()))
    differing += zip(reversed.reversed(), together).count { $0 != $1 }
    return Outcome(
      "batch invariance", sample.subject, Self.finding(differing, of: "\(sample.texts.count) texts"),
      isKept: differing == 0)
  }

  private func threadInvariance(_ sample: SampleNetwork) -> Outcome {
    let bound = BoundNetwork(sample.network, sample.parameters, kernels: kernels)
    let expected = sample.logits(kernels)
    var differing = 0
    for pool in pools {
      let found = NetworkEvaluator(sample.network, pool: pool).logits(bound, sample.texts.tokens)
      differing += zip(found, expected).count { $0 != $1 }
    }
    return Outcome(
      "thread invariance", sample.subject, Self.finding(differing, of: "\(sample.texts.count) texts"),
      isKept: differing == 0)
  }

  /// Two epochs on each number of threads, and once stopped in the middle and gone on with.
  private func trainingInvariance(_ sample: SampleNetwork) throws -> Outcome {
    let options = SampleNetwork.trainingOptions
    func trained(_ pool: WorkerPool, stopsAfter steps: Int = .max) throws -> NetworkParameters {
      var state = TrainingState(sample.network, options, parameters: sample.parameters)
      func trainer() throws -> Trainer {
        try Trainer(
          sample.network, options, train: sample.texts, valid: sample.texts, labels: SampleNetwork.labels,
          pool: pool, kernels: kernels)
      }
      var left = steps
      let end = try trainer().run(
        &state,
        shouldStop: {
          left -= 1
          return left < 0
        })
      if case .interrupted = end { _ = try trainer().run(&state) }
      return state.parameters
    }
    let expected = try trained(pools[0])
    var differing: [String] = []
    for pool in pools.dropFirst() where try trained(pool) != expected {
      differing.append("\(pool.threads) threads")
    }
    if try trained(pools[1], stopsAfter: 3) != expected { differing.append("stopping and going on") }
    return Outcome(
      "training gives the same weights", sample.subject,
      differing.isEmpty
        ? "1 to 8 threads, stopped and gone on with"
        : "other weights with \(differing.joined(separator: ", "))",
      isKept: differing.isEmpty)
  }

  private static func finding(_ differing: Int, of texts: String) -> String {
    differing == 0 ? "\(texts), same bits" : "\(differing) answers differ"
  }
}
