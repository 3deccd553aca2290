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
    return SkipGramTrainer(options, counts: counts, pool: WorkerPool(threads: 1), kernels: .best).train(texts)
  }

  private func cosine(_ vectors: [Float], _ left: Int, _ right: Int) -> Float {
    func row(_ index: Int) -> ArraySlice<Float> { vectors[index * 8..<(index + 1) * 8] }
    func dot(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
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
    let trainer = SkipGramTrainer(
      SkipGramOptions(dimension: 2), counts: [0, 0], pool: WorkerPool(threads: 1), kernels: .best)
    #expect(trainer.train([]) == [0, 0, 0, 0])
  }

  /// 1,500 words, enough for a vocabulary in parts; word w stands among words near w, modulo 1,500.
  private static let many: [[Int32]] = {
    var random = RandomStream(seed: 3)
    return (0..<3000).map { _ in
      let middle = random.integer(below: 1500)
      return (0..<12).map { _ in Int32((middle + random.integer(below: 20)) % 1500) }
    }
  }()

  private func trainMany(threads: Int) -> [Float]? {
    var counts = [Int](repeating: 0, count: 1500)
    for id in SkipGramTests.many.joined() { counts[Int(id)] += 1 }
    let options = SkipGramOptions(dimension: 9, window: 4, epochs: 10, learningRate: 0.1, subsampling: 1)
    return SkipGramTrainer(options, counts: counts, pool: WorkerPool(threads: threads), kernels: .best)
      .train(SkipGramTests.many)
  }

  @Test func threadsChangeNoBit() throws {
    let alone = try #require(trainMany(threads: 1))
    for threads in [2, 3] { #expect(trainMany(threads: threads) == alone) }
  }

  @Test func wordsOfAllPartsAreTrained() throws {
    let vectors = try #require(trainMany(threads: 2))
    func cosine(_ left: Int, _ right: Int) -> Float {
      let (a, b) = (vectors[left * 9..<left * 9 + 9], vectors[right * 9..<right * 9 + 9])
      func dot(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
      }
      return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    }
    let near = (0..<1500).map { cosine($0, ($0 + 3) % 1500) }
    let far = (0..<1500).map { cosine($0, ($0 + 750) % 1500) }
    #expect(near.count { $0 > 0.5 } > 1400)
    let (nearMean, farMean) = (near.reduce(0, +) / 1500, far.reduce(0, +) / 1500)
    #expect(nearMean > farMean + 0.3)
  }

  @Test func progressMayStopIt() {
    let options = SkipGramOptions(dimension: 4)
    let trainer = SkipGramTrainer(
      options, counts: [Int](repeating: 1, count: 36), pool: WorkerPool(threads: 1), kernels: .best)
    var calls = 0
    let vectors = trainer.train(texts) { share, _ in
      calls += 1
      return share < 0.5
    }
    #expect(vectors == nil)
    #expect(calls > 1)
  }
}
