import ClassifierTraining
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// Moves of whole texts: their size, whatever the gradients' and whoever stands beside them.
@Suite struct PerturbationDirectionTests {
  private let fixture: NetworkFixture
  private let lengths = [9, 4, 4, 1, 0]

  init() throws {
    fixture = try NetworkFixture(
      random: ReferenceConfiguration(
        cell: .lstm, vocabularySize: 11, inputSize: 7, hiddenSize: 5, classCount: 2), seed: 3)
  }

  /// Norms of texts of the root mean square of their embedded features.
  private func relativeNorms(_ direction: PerturbationDirection, _ sequences: [[Int32]]) -> [Double] {
    let lists = PackedRows.lists(direction.rows, TokenBatch(sequences))
    return zip(lists, sequences).map { rows, tokens in
      let norm = rows.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
      let features = tokens.flatMap { token in
        fixture.parameters.embedding.values[Int(token) * 7..<Int(token + 1) * 7].map(Double.init)
      }
      let square = features.reduce(0) { $0 + $1 * $1 } / Double(max(1, features.count))
      return square > 0 ? norm / square.squareRoot() : norm
    }
  }

  @Test(arguments: [1e-25, 1e-3, 1, 1e12])
  func everyTextMovesByEpsilonTimesItsRootMeanSquare(_ scale: Double) {
    let sequences = fixture.sequences(lengths: lengths, seed: 1)
    let batch = TokenBatch(sequences)
    let direction = PerturbationDirection()
    direction.begin(fixture.bound(), batch)
    direction.rows.copy(
      from: PackedRows.matrix(
        PackedRows.random(lengths: lengths, width: 7, scale: scale, seed: 2), batch, width: 7))
    direction.normalise(batch.layout, epsilon: 1, kernels: .best)
    for (norm, length) in zip(relativeNorms(direction, sequences), lengths) {
      #expect(abs(norm - (length == 0 ? 0 : 1)) < 1e-6)
    }
    direction.normalise(batch.layout, epsilon: 5, kernels: .best)
    for (norm, length) in zip(relativeNorms(direction, sequences), lengths) {
      #expect(abs(norm - (length == 0 ? 0 : 5)) < 5e-6)
    }
  }

  @Test func aGradientOfZeroMovesNothing() {
    let batch = TokenBatch(fixture.sequences(lengths: lengths, seed: 1))
    let direction = PerturbationDirection()
    direction.begin(fixture.bound(), batch)
    for value in [0, Float.leastNonzeroMagnitude] {
      direction.rows.copy(
        from: Matrix(
          rows: batch.layout.rows, columns: 7,
          values: [Float](repeating: value, count: batch.layout.rows * 7)))
      direction.normalise(batch.layout, epsilon: 5, kernels: .best)
      #expect(direction.rows.values.allSatisfy { $0 == 0 })
    }
  }

  @Test func aTextsMoveDependsOnItAlone() {
    let sequences = fixture.sequences(lengths: lengths, seed: 1)
    func moves(_ members: [Int]) -> [[[Double]]] {
      let batch = TokenBatch(members.map { sequences[$0] })
      let direction = PerturbationDirection()
      direction.begin(fixture.bound(), batch)
      direction.drawNormal(
        batch.layout, random: RandomStream(seed: 4), keys: batch.order.map { members[$0] })
      direction.normalise(batch.layout, epsilon: 2, kernels: .best)
      return PackedRows.lists(direction.rows, batch)
    }
    let together = moves(Array(sequences.indices))
    for index in sequences.indices { #expect(moves([index]) == [together[index]]) }
    #expect(moves([2, 1]) == [together[2], together[1]])
    #expect(together[1] != together[2])
  }
}
