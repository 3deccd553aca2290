import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// The gradient of embedded texts, and texts that are moved from where their words put them.
@Suite struct InputGradientTests {
  /// What else a pass is told.
  enum Variant: CaseIterable {
    /// Masks on everything and a move; windows that cut.
    case maskedMovedAndCut
    /// No mask tells the places of a word apart: its projection is shared.
    case sharedWords
    case moved
  }

  /// A batch in both precisions, with what a variant adds.
  private struct Passage {
    let fixture: NetworkFixture
    let batch: TokenBatch
    var reference: ReferenceBatch
    var dropout: DropoutMasks?
    var window: Int?

    init(_ fixture: NetworkFixture, _ variant: Variant, lengths: [Int]) {
      self.fixture = fixture
      reference = ReferenceBatch(randomFor: fixture.configuration, lengths: lengths, seed: 5)
      batch = TokenBatch(reference.sequences.map { $0.map(Int32.init) })
      if variant != .moved {
        let input: Float = variant == .sharedWords ? 0 : 0.3
        let masks = DropoutMasks(
          rates: DropoutRates(embeddingRows: 0.2, input: input, hidden: 0.4, readout: 0.5),
          stream: RandomStream(seed: 3))
        reference.masks = ReferenceMasks(masks, fixture.configuration, count: lengths.count)
        dropout = masks
      }
      if variant == .maskedMovedAndCut { window = 5 }
      if variant != .sharedWords {
        reference.perturbation = PackedRows.random(
          lengths: lengths, width: fixture.configuration.inputSize, scale: 0.25, seed: 6)
      }
    }

    /// Runs forward and gives ∂L/∂logits of the mean cross-entropy.
    func forward(_ pass: NetworkPass, _ bound: BoundNetwork) -> Matrix {
      let moved = reference.perturbation.map {
        PackedRows.matrix($0, batch, width: fixture.configuration.inputSize)
      }
      let logits = pass.recordedLogits(
        bound, batch, truncation: window, dropout: dropout, examples: Array(batch.order.indices),
        perturbation: moved)
      let (_, gradient) = ReferenceLoss().evaluate(
        logits: (0..<logits.rows).map { logits.rowValues($0).map(Double.init) },
        labels: batch.order.map { reference.labels[$0] })
      return Matrix(
        rows: logits.rows, columns: logits.columns, values: gradient.flatMap { $0.map(Float.init) })
    }
  }

  private func worstError(_ passage: Passage) -> (inputs: RelativeError, weights: RelativeError) {
    let (pass, bound) = (NetworkPass(passage.fixture.network), passage.fixture.bound())
    let logitGradient = passage.forward(pass, bound)
    let gradients = NetworkGradients(passage.fixture.network)
    let inputs = Matrix()
    pass.backward(logitGradient, bound, passage.batch, into: gradients, inputGradient: inputs)
    let expected = passage.fixture.reference.backward(passage.reference, window: passage.window)
    return (
      .worst(
        found: PackedRows.lists(inputs, passage.batch).flatMap { $0.flatMap { $0 } },
        expected: expected.inputs.flatMap { $0.flatMap { $0 } }, floor: 1e-2, name: "inputs"),
      .worst(found: passage.fixture.named(gradients), expected: expected.parameters, floor: 1e-2)
    )
  }

  @Test(arguments: ReferenceConfiguration.all, Variant.allCases)
  func gradientsAgreeWithTheReference(_ configuration: ReferenceConfiguration, _ variant: Variant) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 7)
    let (inputs, weights) = worstError(Passage(fixture, variant, lengths: [24, 15, 15, 9, 1]))
    #expect(inputs.value < 1e-4, "\(inputs)")
    #expect(weights.value < 1e-4, "\(weights)")
  }

  /// More rows than one window holds; nothing is cut.
  @Test(arguments: ReferenceCellKind.allCases, Variant.allCases)
  func severalWindowsAgreeWithTheReference(_ cell: ReferenceCellKind, _ variant: Variant) throws {
    let configuration = ReferenceConfiguration(
      cell: cell, vocabularySize: 11, inputSize: 3, hiddenSize: 5, direction: .both, readout: .concat,
      classCount: 2)
    let fixture = try NetworkFixture(random: configuration, seed: 2, scale: 0.3)
    let lengths = [230, 180, 130, 60, 1]
    try #require(lengths.reduce(0, +) > NetworkPass.windowRows)
    let (inputs, weights) = worstError(Passage(fixture, variant, lengths: lengths))
    #expect(inputs.value < 1e-4, "\(inputs)")
    #expect(weights.value < 1e-4, "\(weights)")
  }

  /// The reference model's own: along a random direction, by central differences.
  @Test(arguments: ReferenceConfiguration.all)
  func gradientsOfTheReferenceAreDerivatives(_ configuration: ReferenceConfiguration) throws {
    let passage = Passage(try NetworkFixture(random: configuration, seed: 7), .moved, lengths: [9, 1, 4])
    let reference = passage.fixture.reference
    let direction = PackedRows.random(
      lengths: [9, 1, 4], width: configuration.inputSize, scale: 1, seed: 8)
    func loss(_ step: Double) -> Double {
      var batch = passage.reference
      batch.perturbation = zip(batch.perturbation ?? [], direction).map { rows, directions in
        zip(rows, directions).map { zip($0, $1).map { $0 + step * $1 } }
      }
      return reference.loss(batch)
    }
    let slope = (loss(1e-5) - loss(-1e-5)) / 2e-5
    let gradient = reference.backward(passage.reference).inputs
    let product = zip(gradient.joined().joined(), direction.joined().joined()).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(slope - product) < 1e-7 * max(1, abs(slope)))
  }

  @Test(arguments: ReferenceConfiguration.all, Variant.allCases)
  func inputsAloneAreTheBitsOfTheWholeWayBack(_ configuration: ReferenceConfiguration, _ variant: Variant)
    throws
  {
    let fixture = try NetworkFixture(random: configuration, seed: 7)
    let passage = Passage(fixture, variant, lengths: [24, 15, 15, 9, 1])
    let bound = fixture.bound()
    func weights(_ pass: NetworkPass, inputs: Matrix?) -> ReferenceParameters {
      let gradients = NetworkGradients(fixture.network)
      let logitGradient = passage.forward(pass, bound)
      pass.backward(logitGradient, bound, passage.batch, into: gradients, inputGradient: inputs)
      return fixture.named(gradients)
    }
    let (whole, alone) = (Matrix(), Matrix())
    let expected = weights(NetworkPass(fixture.network), inputs: whole)

    let pass = NetworkPass(fixture.network)
    let logitGradient = passage.forward(pass, bound)
    pass.inputGradient(logitGradient, bound, passage.batch, into: alone)
    #expect(alone.values == whole.values)
    // Nothing of it stays behind: what follows is what a fresh pass gives.
    #expect(weights(pass, inputs: nil) == expected)
  }

  @Test(arguments: ReferenceCellKind.allCases)
  func aMoveOfZeroChangesNoBit(_ cell: ReferenceCellKind) throws {
    let configuration = ReferenceConfiguration(
      cell: cell, vocabularySize: 11, inputSize: 7, hiddenSize: 17, layerCount: 2, direction: .both,
      classCount: 3)
    let fixture = try NetworkFixture(random: configuration, seed: 7)
    var passage = Passage(fixture, .sharedWords, lengths: [24, 15, 15, 9, 1])
    let (pass, bound) = (NetworkPass(fixture.network), fixture.bound())
    let still = passage.forward(pass, bound).values
    passage.reference.perturbation = PackedRows.random(
      lengths: [24, 15, 15, 9, 1], width: 7, scale: 1e-40, seed: 1)
    #expect(passage.forward(pass, bound).values == still)
    passage.reference.perturbation = PackedRows.random(
      lengths: [24, 15, 15, 9, 1], width: 7, scale: 0.1, seed: 1)
    #expect(passage.forward(pass, bound).values != still)
  }
}
