import ClassifierTraining
import Foundation
import RecurrentNumerics
import Testing

/// The loss against values worked out by hand and against differences.
@Suite struct CrossEntropyTests {
  private func sum(_ loss: CrossEntropy, _ logits: [[Float]], _ labels: [Int]) -> (
    loss: Double, gradient: [Float]
  ) {
    sum(loss, logits, targets: labels.map { .label($0) })
  }

  private func sum(_ loss: CrossEntropy, _ logits: [[Float]], targets: [ExampleTarget]) -> (
    loss: Double, gradient: [Float]
  ) {
    let matrix = Matrix(rows: logits.count, columns: logits[0].count, values: logits.flatMap { $0 })
    let gradient = Matrix(rows: logits.count, columns: logits[0].count)
    let total = loss.totalWeight(targets)
    return (
      loss.sum(matrix, targets: targets, totalWeight: total, gradient: gradient) / total, gradient.values
    )
  }

  @Test func equalLogitsCostTheLogarithmOfTheClasses() {
    let result = sum(CrossEntropy(), [[3, 3, 3, 3]], [2])
    #expect(abs(result.loss - log(4)) < 1e-12)
    #expect(result.gradient == [0.25, 0.25, -0.75, 0.25])
  }

  @Test func classWeightsWeighExamplesAndTheMean() {
    let loss = CrossEntropy(classWeights: [3, 1])
    // −log p: log 2 for the first, log(1 + e²) for the second.
    let result = sum(loss, [[0, 0], [2, 0]], [0, 1])
    #expect(abs(result.loss - (3 * log(2) + log(1 + exp(2))) / 4) < 1e-7)
    #expect(loss.totalWeight([.label(0), .label(1), .label(1)]) == 5)
    #expect(abs(result.gradient[0] - 3 * -0.5 / 4) < 1e-6)
  }

  @Test func smoothingSharesTheTargetOut() {
    let result = sum(CrossEntropy(labelSmoothing: 0.2), [[1, -1]], [0])
    let p = 1 / (1 + exp(-2.0))
    #expect(abs(result.loss - -(0.9 * log(p) + 0.1 * log(1 - p))) < 1e-7)
    #expect(abs(Double(result.gradient[0]) - (p - 0.9)) < 1e-6)
  }

  @Test func gradientsAgreeWithDifferences() {
    let loss = CrossEntropy(labelSmoothing: 0.1, classWeights: [0.5, 2, 1])
    let logits: [[Float]] = [[0.5, -1, 2], [1.5, 0.25, -0.5]]
    let labels = [1, 0]
    let gradient = sum(loss, logits, labels).gradient
    for row in 0..<2 {
      for column in 0..<3 {
        var (above, below) = (logits, logits)
        above[row][column] += 0x1p-8
        below[row][column] -= 0x1p-8
        let expected = (sum(loss, above, labels).loss - sum(loss, below, labels).loss) / 0x1p-7
        #expect(abs(Double(gradient[row * 3 + column]) - expected) < 1e-5)
      }
    }
  }

  @Test func sharesAreTargets() {
    let shares: [Float] = [0.75, 0.25]
    let result = sum(CrossEntropy(), [[1, -1]], targets: [.shares(shares)])
    let p = 1 / (1 + exp(-2.0))
    #expect(abs(result.loss - -(0.75 * log(p) + 0.25 * log(1 - p))) < 1e-7)
    #expect(abs(Double(result.gradient[0]) - (p - 0.75)) < 1e-6)
    // All of it on one label is that label, smoothing and class weights included.
    let loss = CrossEntropy(labelSmoothing: 0.2, classWeights: [0.5, 2])
    let (whole, label) = (
      sum(loss, [[1, -1]], targets: [.shares([0, 1])]), sum(loss, [[1, -1]], targets: [.label(1)])
    )
    #expect(whole == label)
    #expect(loss.totalWeight([.shares(shares), .label(1)]) == 0.75 * 0.5 + 0.25 * 2 + 2)
  }

  @Test func gradientsOfSharesAgreeWithDifferences() {
    let loss = CrossEntropy(labelSmoothing: 0.1, classWeights: [0.5, 2, 1])
    let logits: [[Float]] = [[0.5, -1, 2], [1.5, 0.25, -0.5]]
    let targets: [ExampleTarget] = [.shares([0.5, 0.125, 0.375]), .shares([0, 1, 0])]
    let gradient = sum(loss, logits, targets: targets).gradient
    for row in 0..<2 {
      for column in 0..<3 {
        var (above, below) = (logits, logits)
        above[row][column] += 0x1p-8
        below[row][column] -= 0x1p-8
        let difference = sum(loss, above, targets: targets).loss - sum(loss, below, targets: targets).loss
        #expect(abs(Double(gradient[row * 3 + column]) - difference / 0x1p-7) < 1e-5)
      }
    }
  }

  @Test func largeLogitsOverflowNothing() {
    let result = sum(CrossEntropy(), [[1e30, -1e30], [-1e30, 1e30]], [0, 0])
    #expect(result.loss.isFinite && result.loss > 1e29)
    #expect(result.gradient == [0, 0, -0.5, 0.5])
  }

  @Test func balancedWeightsMakeEveryClassCountTheSame() {
    let counts = [10, 30, 60]
    let weights = ClassWeighting.balanced.weights(counts: counts)
    for (weight, count) in zip(weights, counts) { #expect(abs(weight * Float(count) - 100.0 / 3) < 1e-4) }
    #expect(ClassWeighting.none.weights(counts: counts).isEmpty)
    #expect(ClassWeighting.balanced.weights(counts: [2, 0, 6]) == [2, 0, 8.0 / 12])
  }
}
