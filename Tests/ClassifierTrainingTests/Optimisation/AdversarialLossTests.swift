import ClassifierTraining
import Foundation
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// Adversarial, virtual adversarial and entropy losses against a model of theirs in `Double`.
@Suite struct AdversarialLossTests {
  /// Three labelled texts, then three without labels, with masks and every loss on.
  private struct Scene {
    let fixture: NetworkFixture
    var loss = TrainingLoss(CrossEntropy())
    let masks = DropoutMasks(
      rates: DropoutRates(embeddingRows: 0.1, input: 0.2, hidden: 0.2, readout: 0.3),
      stream: RandomStream(seed: 3))
    let random = RandomStream(seed: 9)
    var reference: ReferenceBatch
    static let lengths = [5, 3, 1, 4, 4, 2]

    init(_ cell: ReferenceCellKind, classes: Int) throws {
      fixture = try NetworkFixture(
        random: ReferenceConfiguration(
          cell: cell, vocabularySize: 6, inputSize: 3, hiddenSize: 4, direction: .both, readout: .concat,
          classCount: classes), seed: 12)
      reference = ReferenceBatch(randomFor: fixture.configuration, lengths: Scene.lengths, seed: 5)
      reference.masks = ReferenceMasks(masks, fixture.configuration, count: Scene.lengths.count)
      loss.adversarial = AdversarialOptions(weight: 0.75, epsilon: 1.5)
      loss.virtualAdversarial = VirtualAdversarialOptions(weight: 1.25, epsilon: 2, xi: 1)
      loss.entropyWeight = 0.5
    }

    func losses(_ worker: GradientWorker, kernels: KernelSet = .best) -> LossParts {
      var examples = EncodedExamples()
      for index in 0..<3 {
        examples.append(tokens: reference.sequences[index].map(Int32.init), label: reference.labels[index])
      }
      return worker.losses(
        fixture.bound(kernels), examples, batch: [0, 1, 2],
        unlabelled: (reference.sequences[3...].map { $0.map(Int32.init) }, [0, 1, 2]), loss: loss,
        truncation: nil, dropout: masks, random: random)
    }

    func worker(threads: Int = 2, shards: Int = 2) -> GradientWorker {
      GradientWorker(fixture.network, shards: shards, pool: WorkerPool(threads: threads))
    }
  }

  // MARK: The same in Double

  private typealias Rows = [[[Double]]]

  private static func probabilities(_ logits: [Double]) -> [Double] {
    let exponentials = logits.map { exp($0 - (logits.max() ?? 0)) }
    return exponentials.map { $0 / exponentials.reduce(0, +) }
  }

  private static func divergence(_ p: [Double], _ q: [Double]) -> Double {
    zip(p, q).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
  }

  /// ε r N(d) of each text, as the papers write it.
  private static func normalised(_ rows: Rows, _ scene: Scene, epsilon: Double) -> Rows {
    let width = scene.fixture.configuration.inputSize
    let embedding = scene.fixture.reference.parameters["embedding.weight"]
    return zip(rows, scene.reference.sequences).map { rows, tokens in
      let features = tokens.flatMap { embedding[$0 * width..<($0 + 1) * width] }
      let size = (features.reduce(0) { $0 + $1 * $1 } / Double(features.count)).squareRoot()
      let largest = rows.joined().map(abs).max() ?? 1
      let scaled = rows.map { $0.map { $0 / largest } }
      let norm = (1e-6 + scaled.joined().reduce(0) { $0 + $1 * $1 }).squareRoot()
      return scaled.map { $0.map { epsilon * size * $0 / norm } }
    }
  }

  private static func logits(_ model: ReferenceClassifier, _ scene: Scene, moved: Rows?) -> [[Double]] {
    var batch = scene.reference
    batch.perturbation = moved
    return model.logits(batch)
  }

  /// Everything that the losses hold constant.
  private struct Constants {
    var adversarial: Rows
    var virtual: Rows
    var predictions: [[Double]]
  }

  private static func constants(_ scene: Scene) -> Constants {
    let model = scene.fixture.reference
    let gradient = model.backward(scene.reference).inputs
    let predictions = logits(model, scene, moved: nil).map(probabilities)

    let batch = TokenBatch(scene.reference.sequences.map { $0.map(Int32.init) })
    let drawn = PerturbationDirection()
    drawn.begin(scene.fixture.bound(), batch)
    // Keys of texts without labels follow the three labelled examples.
    drawn.drawNormal(batch.layout, random: scene.random, keys: batch.order)
    let near = normalised(
      PackedRows.lists(drawn.rows, batch), scene, epsilon: scene.loss.virtualAdversarial.xi)
    var slopes = near
    for (text, rows) in near.enumerated() {
      for (time, features) in rows.enumerated() {
        for feature in features.indices {
          func value(_ step: Double) -> Double {
            var moved = near
            moved[text][time][feature] += step
            let found = probabilities(logits(model, scene, moved: moved)[text])
            return divergence(predictions[text], found)
          }
          slopes[text][time][feature] = (value(1e-5) - value(-1e-5)) / 2e-5
        }
      }
    }
    return Constants(
      adversarial: normalised(gradient, scene, epsilon: scene.loss.adversarial.epsilon),
      virtual: normalised(slopes, scene, epsilon: scene.loss.virtualAdversarial.epsilon),
      predictions: predictions)
  }

  private static func parts(_ model: ReferenceClassifier, _ scene: Scene, _ constants: Constants)
    -> LossParts
  {
    let labels = Array(scene.reference.labels[..<3])
    let clean = logits(model, scene, moved: nil)
    let entropies = clean.map(probabilities).map { -$0.reduce(0) { $0 + $1 * log($1) } }
    let adversarial = logits(model, scene, moved: constants.adversarial)
    let virtual = logits(model, scene, moved: constants.virtual).map(probabilities)
    let loss = ReferenceLoss()
    var parts = LossParts()
    parts.crossEntropy = loss.evaluate(logits: Array(clean[..<3]), labels: labels).loss
    parts.adversarial = loss.evaluate(logits: Array(adversarial[..<3]), labels: labels).loss
    parts.virtualAdversarial =
      (3..<6).reduce(0) { $0 + divergence(constants.predictions[$1], virtual[$1]) } / 3
    parts.entropy = scene.loss.entropyWeight > 0 ? entropies.reduce(0, +) / 6 : 0
    return parts
  }

  // MARK: Laws

  /// Central differences with directions and predictions held constant.
  @Test(arguments: ReferenceCellKind.allCases, [2, 3])
  func gradientsOfAllLossesAreDerivatives(_ cell: ReferenceCellKind, _ classes: Int) throws {
    let scene = try Scene(cell, classes: classes)
    let constants = Self.constants(scene)
    let worker = scene.worker()
    let found = scene.losses(worker)
    let model = scene.fixture.reference
    let expected = Self.parts(model, scene, constants)
    for (name, part) in [
      ("cross-entropy", \LossParts.crossEntropy), ("adversarial", \.adversarial),
      ("virtual", \.virtualAdversarial), ("entropy", \.entropy),
    ] {
      let error = RelativeError(
        found: found[keyPath: part], expected: expected[keyPath: part], floor: 1e-2, name: name)
      #expect(error.value < 1e-4, "\(error)")
    }
    #expect(expected.adversarial > expected.crossEntropy && expected.virtualAdversarial > 1e-3)
    let slopes = model.centralDifferences { Self.parts($0, scene, constants).total(scene.loss) }
    let worst = RelativeError.worst(
      found: scene.fixture.named(worker.gradients), expected: slopes, floor: 1e-2)
    #expect(worst.value < 1e-3, "\(worst)")
  }

  @Test(arguments: ReferenceCellKind.allCases)
  func movesOfSizeZeroGiveTheCrossEntropyAndNoDivergence(_ cell: ReferenceCellKind) throws {
    var scene = try Scene(cell, classes: 3)
    scene.loss.adversarial.epsilon = 0
    scene.loss.virtualAdversarial.epsilon = 0
    let parts = scene.losses(scene.worker())
    #expect(parts.adversarial == parts.crossEntropy)
    #expect(parts.virtualAdversarial == 0)
  }

  @Test func theVirtualLossReadsLabelledTextsWhereThereAreNoOthers() throws {
    let scene = try Scene(.lstm, classes: 3)
    var examples = EncodedExamples()
    for (tokens, label) in zip(scene.reference.sequences, [0, 1, 2, 0, 1, 2]) {
      examples.append(tokens: tokens.map(Int32.init), label: label)
    }
    func parts(_ batch: [Int], labels: Bool) -> LossParts {
      var other = EncodedExamples()
      for (tokens, label) in zip(examples.tokens, examples.labels) {
        other.append(tokens: tokens, label: labels ? label : 2 - label)
      }
      return scene.worker().losses(
        scene.fixture.bound(), other, batch: batch, loss: scene.loss, truncation: nil, dropout: scene.masks,
        random: scene.random)
    }
    let all = scene.losses(scene.worker())
    // The last three, keyed by their positions as the texts without labels are.
    #expect(parts([3, 4, 5], labels: true).virtualAdversarial == all.virtualAdversarial)
    #expect(parts([3, 4, 5], labels: false).virtualAdversarial == all.virtualAdversarial)
    #expect(parts([3, 4, 5], labels: false).crossEntropy != parts([3, 4, 5], labels: true).crossEntropy)
  }

  @Test(arguments: [Precision.float32, .bfloat16])
  func threadsChangeNoBitOfALossOrAGradient(_ precision: Precision) throws {
    let scene = try Scene(.gruResetAfter, classes: 2)
    let kernels = KernelSet.best.multiplying(in: precision)
    let workers = [1, 2, 3].map { scene.worker(threads: $0, shards: 3) }
    let parts = workers.map { scene.losses($0, kernels: kernels) }
    #expect(parts[1] == parts[0] && parts[2] == parts[0])
    let gradients = workers.map { scene.fixture.named($0.gradients) }
    #expect(gradients[1] == gradients[0] && gradients[2] == gradients[0])
    // A worker's memory holds nothing that the next step could read.
    #expect(scene.losses(workers[0], kernels: kernels) == parts[0])
    #expect(scene.fixture.named(workers[0].gradients) == gradients[0])
  }

  @Test func withoutWeightsOnlyTheCrossEntropyIsLeft() throws {
    var scene = try Scene(.lstm, classes: 3)
    let all = scene.losses(scene.worker())
    scene.loss = TrainingLoss(CrossEntropy())
    let worker = scene.worker()
    let parts = scene.losses(worker)
    #expect(parts.crossEntropy == all.crossEntropy)
    #expect(parts.total(scene.loss) == parts.crossEntropy)
    #expect(parts.adversarial == 0 && parts.virtualAdversarial == 0 && parts.entropy == 0)
  }
}
