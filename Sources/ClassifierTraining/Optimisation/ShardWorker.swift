import RecurrentNumerics
import SequenceClassifier

/// What a whole step needs to know, the same for all its shards.
struct StepContext: Sendable {
  let bound: BoundNetwork
  let loss: TrainingLoss
  let truncation: Int?
  let dropout: DropoutMasks?
  /// Of the random directions.
  let random: RandomStream
  /// Of the labelled texts of the whole batch.
  let totalWeight: Double
  let labelledTexts: Int
  let unlabelledTexts: Int

  /// What the losses of single texts are multiplied by, for the means over all texts.
  var entropyScale: Double { loss.entropyWeight / Double(labelledTexts + unlabelledTexts) }
  var virtualScale: Double {
    loss.virtualAdversarial.weight / Double(unlabelledTexts > 0 ? unlabelledTexts : labelledTexts)
  }
}

extension StepContext {
  /// The means that belong to the sums of all shards.
  func means(_ sums: LossParts) -> LossParts {
    LossParts(
      crossEntropy: sums.crossEntropy / totalWeight, adversarial: sums.adversarial / totalWeight,
      virtualAdversarial: sums.virtualAdversarial
        / Double(Swift.max(1, unlabelledTexts > 0 ? unlabelledTexts : labelledTexts)),
      entropy: sums.entropy / Double(Swift.max(1, labelledTexts + unlabelledTexts)))
  }
}

/// Some texts of a step, with the numbers that masks and random directions are keyed by.
struct ShardTexts {
  let batch: TokenBatch
  let numbers: [Int]

  init(_ network: RecurrentNetwork, _ tokens: [[Int32]], numbers: [Int]) {
    batch = network.batch(tokens)
    self.numbers = numbers
  }
}

/// One shard's passes through the network, one loss after another over the same masks; one thread at a time runs it.
final class ShardWorker: @unchecked Sendable {
  private let pass: NetworkPass
  let gradients: NetworkGradients
  /// Sums over this shard's texts, weighted as in the loss.
  private(set) var sums = LossParts()
  private let logitGradient = Matrix()
  private let crossEntropyGradient = Matrix()
  private let direction = PerturbationDirection()

  init(_ network: RecurrentNetwork) {
    pass = NetworkPass(network)
    gradients = NetworkGradients(network)
  }

  func begin() {
    gradients.reset()
    sums = LossParts()
  }

  /// Cross-entropy and entropy of labelled texts, then their adversarial loss.
  /// - Parameter isVirtual: whether they stand in for unlabelled texts too.
  func addLabelled(_ texts: ShardTexts, targets: [ExampleTarget], _ step: StepContext, isVirtual: Bool) {
    let adversarial = step.loss.adversarial
    let targets = texts.batch.order.map { targets[$0] }
    let logits = forward(texts, step)
    sums.crossEntropy += step.loss.crossEntropy.sum(
      logits, targets: targets, totalWeight: step.totalWeight, gradient: logitGradient)
    let isMoved = adversarial.weight > 0
    let isEntropyWanted = step.loss.entropyWeight > 0
    let predictions = isEntropyWanted || isVirtual ? LogProbabilities.rows(logits) : []
    var isDirectionShared = isMoved
    if isEntropyWanted {
      crossEntropyGradient.copy(from: logitGradient)
      sums.entropy += PredictionEntropy.sum(predictions, scale: step.entropyScale, gradient: logitGradient)
      isDirectionShared = isMoved && hasDirection(logitGradient, of: crossEntropyGradient)
    }
    if isMoved || isVirtual { direction.begin(step.bound, texts.batch) }
    if isMoved && !isDirectionShared {
      pass.inputGradient(crossEntropyGradient, step.bound, texts.batch, into: direction.rows)
      // The way back has used up what the way forward left.
      _ = recordedLogits(texts, step)
    }
    pass.backward(
      logitGradient, step.bound, texts.batch, into: gradients,
      inputGradient: isDirectionShared ? direction.rows : nil)
    if isMoved {
      let moved = forward(texts, step, movedBy: adversarial.epsilon)
      sums.adversarial += step.loss.crossEntropy.sum(
        moved, targets: targets, totalWeight: step.totalWeight / adversarial.weight, gradient: logitGradient)
      pass.backward(logitGradient, step.bound, texts.batch, into: gradients)
    }
    if isVirtual { addVirtual(texts, predictions, step) }
  }

  /// Whether each row of `gradient` is a positive multiple of that of `other`, so that both move texts the same way: with two
  /// labels, the gradients of all losses lie on one line.
  private func hasDirection(_ gradient: Matrix, of other: Matrix) -> Bool {
    guard gradient.columns == 2 else { return false }
    return (0..<gradient.rows).allSatisfy { gradient[$0, 0] * other[$0, 0] > 0 }
  }

  /// Entropy and virtual adversarial loss of texts without labels.
  func addUnlabelled(_ texts: ShardTexts, _ step: StepContext) {
    let predictions = LogProbabilities.rows(forward(texts, step))
    if step.loss.entropyWeight > 0 {
      logitGradient.setToZero()
      sums.entropy += PredictionEntropy.sum(predictions, scale: step.entropyScale, gradient: logitGradient)
      pass.backward(logitGradient, step.bound, texts.batch, into: gradients)
    }
    guard step.loss.virtualAdversarial.weight > 0 else { return }
    direction.begin(step.bound, texts.batch)
    addVirtual(texts, predictions, step)
  }

  /// KL(p ‖ p(X + ε r N(∂KL/∂X))), the inner KL at a small random move.
  private func addVirtual(_ texts: ShardTexts, _ predictions: [LogProbabilities], _ step: StepContext) {
    let options = step.loss.virtualAdversarial
    direction.drawNormal(
      texts.batch.layout, random: step.random, keys: texts.batch.order.map { texts.numbers[$0] })
    let near = LogProbabilities.rows(forward(texts, step, movedBy: options.xi))
    _ = PredictionDivergence.sum(of: predictions, to: near, scale: 1, gradient: logitGradient)
    pass.inputGradient(logitGradient, step.bound, texts.batch, into: direction.rows)
    let far = LogProbabilities.rows(forward(texts, step, movedBy: options.epsilon))
    sums.virtualAdversarial += PredictionDivergence.sum(
      of: predictions, to: far, scale: step.virtualScale, gradient: logitGradient)
    pass.backward(logitGradient, step.bound, texts.batch, into: gradients)
  }

  /// The logits of texts, moved by `epsilon` in the direction held where there is one; shapes the logits' gradient.
  private func forward(_ texts: ShardTexts, _ step: StepContext, movedBy epsilon: Double? = nil) -> Matrix {
    if let epsilon {
      direction.normalise(texts.batch.layout, epsilon: epsilon, kernels: step.bound.kernels)
    }
    let logits = recordedLogits(texts, step, perturbation: epsilon == nil ? nil : direction.rows)
    logitGradient.reshape(rows: logits.rows, columns: logits.columns)
    return logits
  }

  private func recordedLogits(_ texts: ShardTexts, _ step: StepContext, perturbation: Matrix? = nil) -> Matrix
  {
    pass.recordedLogits(
      step.bound, texts.batch, truncation: step.truncation, dropout: step.dropout, examples: texts.numbers,
      perturbation: perturbation)
  }
}
