import ClassifierTraining
import RecurrentNumerics
import TestSupport
import Testing
import TextEncoding

/// The loss of the partner's regression, and the method that minimises it.
@Suite struct LogisticLossTests {
  /// Texts of random words, the first label's with more of the first words.
  static func texts(_ count: Int, seed: UInt64 = 3) -> (texts: [String], targets: [Bool]) {
    var random = RandomStream(seed: seed)
    var (texts, targets): ([String], [Bool]) = ([], [])
    for index in 0..<count {
      let isFirst = index % 3 == 0
      let words = (0..<1 + random.integer(below: 17)).map { _ in
        "w\(random.integer(below: isFirst ? 20 : 33))"
      }
      texts.append(words.joined(separator: " "))
      targets.append(isFirst)
    }
    return (texts, targets)
  }

  private func loss(_ count: Int = 33, l2: Double = 0.7, threads: Int = 2) -> LogisticLoss {
    let (texts, targets) = Self.texts(count)
    let pool = WorkerPool(threads: threads)
    let matrix = NgramMatrix(
      texts, tokenizer: WordTokenizer(), orders: 3, minimumDocuments: 2, pool: pool)
    return LogisticLoss(matrix, targets: targets, l2: l2, pool: pool)
  }

  private func point(_ count: Int) -> [Double] {
    var random = RandomStream(seed: 11)
    return (0..<count).map { _ in Double(random.integer(below: 2_001) - 1_000) / 700 }
  }

  @Test func gradientAgreesWithCentralDifferences() {
    let loss = loss()
    let point = point(loss.matrix.featureCount + 1)
    var (gradient, unused) = (point, point)
    _ = loss(point, &gradient)
    let step = 1e-5
    for index in point.indices {
      var moved = point
      moved[index] += step
      let above = loss(moved, &unused)
      moved[index] -= 2 * step
      let below = loss(moved, &unused)
      // Third derivatives are below 10, and rounding of the loss below 1e-13.
      let expected = (above - below) / (2 * step)
      #expect((gradient[index] - expected).magnitude < 1e-6 * (1 + expected.magnitude), "\(index)")
    }
  }

  @Test func threadsChangeNoBit() {
    let (one, two) = (loss(700, threads: 1), loss(700, threads: 2))
    #expect(one.matrix.keys == two.matrix.keys && one.matrix.columns == two.matrix.columns)
    let point = point(one.matrix.featureCount + 1)
    var (first, second) = (point, point)
    #expect(one(point, &first) == two(point, &second))
    #expect(first == second)
  }

  @Test func theMinimumIsReached() {
    let loss = loss(200, l2: 1)
    let method = LimitedMemoryBFGS(iterations: 200, tolerance: 1e-9)
    var start = [Double](repeating: 0, count: loss.matrix.featureCount + 1)
    let first = method.minimise(from: start, loss.callAsFunction)
    #expect(first.gradientNorm < 1e-6, "\(first.gradientNorm) after \(first.iterations)")
    // Strictly convex: from anywhere the same point.
    start = point(start.count)
    let second = method.minimise(from: start, loss.callAsFunction)
    #expect(zip(first.point, second.point).allSatisfy { ($0 - $1).magnitude < 1e-5 })
    #expect((first.value - second.value).magnitude < 1e-9 * first.value)
  }

  @Test func aQuadraticFunctionIsSolved() {
    // f = Σ (i + 1) (x_i − i)² / 2
    let result = LimitedMemoryBFGS(iterations: 100, tolerance: 1e-10).minimise(
      from: [Double](repeating: 5, count: 17)
    ) { point, gradient in
      var value = 0.0
      for index in point.indices {
        let (weight, distance) = (Double(index + 1), point[index] - Double(index))
        gradient[index] = weight * distance
        value += weight * distance * distance / 2
      }
      return value
    }
    #expect(result.point.indices.allSatisfy { (result.point[$0] - Double($0)).magnitude < 1e-7 })
  }

  @Test func presenceIsBinaryAndRareNgramsAreLeftOut() {
    let texts = ["good good good film", "good film", "a film twice , a film", "only here"]
    let matrix = NgramMatrix(
      texts, tokenizer: WordTokenizer(), orders: 2, minimumDocuments: 2, pool: WorkerPool(threads: 2))
    // film in 3 texts; good and "good film" in 2.
    #expect(matrix.keys.count == 3)
    #expect((0..<4).map { matrix.rowStarts[$0 + 1] - matrix.rowStarts[$0] } == [3, 3, 1, 0])
    #expect(matrix.columnStarts == [0, 3, 5, 7])
    #expect(Array(matrix.rows.prefix(3)) == [0, 1, 2])
    #expect(Array(matrix.columns[0..<3]) == [0, 1, 2])
  }
}
