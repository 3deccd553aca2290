import ClassifierTraining
import RecurrentNumerics
import Testing

/// Skip-gram vectors of a corpus made by code.
@Suite struct SkipGramTests {
  /// Ids 4…7 stand among 10…14, ids 20…23 among 30…34.
  private let texts: [[Int32]] = {
    var random = RandomStream(seed: 2)
    func pick(_ start: Int, _ count: Int) -> Int32 { Int32(start + random.integer(below: count)) }
    return (0..<600).map { index in
      let isFirst = index % 2 == 0
      return (0..<7).map { $0 == 3 ? pick(isFirst ? 4 : 20, 4) : pick(isFirst ? 10 : 30, 5) }
    }
  }()

  private func train(seed: UInt64 = 1) -> [Float]? {
    var counts = [Int](repeating: 0, count: 36)
    for id in texts.joined() { counts[Int(id)] += 1 }
    let options = SkipGramOptions(
      dimension: 8, window: 3, negatives: 4, epochs: 4, learningRate: 0.1, subsampling: 10, seed: seed)
    return SkipGramTrainer(options, counts: counts, kernels: .best).train(texts)
  }

  private func cosine(_ vectors: [Float], _ left: Int, _ right: Int) -> Float {
    func row(_ index: Int) -> ArraySlice<Float> { vectors[index * 8..<(index + 1) * 8] }
    func dot(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    return dot(row(left), row(right)) / (dot(row(left), row(left)) * dot(row(right), row(right))).squareRoot()
  }

  @Test func wordsThatShareContextsAreNear() throws {
    let vectors = try #require(train())
    for word in 5...7 {
      for other in 20...23 { #expect(cosine(vectors, 4, word) > cosine(vectors, 4, other) + 0.5) }
    }
    #expect(vectors[0..<32].allSatisfy { $0 == 0 }, "words without a count keep zeros")
    #expect(train() == vectors, "the same texts and seed give the same bits")
    #expect(train(seed: 2) != vectors)
  }

  @Test func noTextsMakeZeros() {
    let trainer = SkipGramTrainer(SkipGramOptions(dimension: 2), counts: [0, 0], kernels: .best)
    #expect(trainer.train([]) == [0, 0, 0, 0])
  }
}
