import RecurrentNumerics

/// Choices of skip-gram training.
public struct SkipGramOptions: Codable, Hashable, Sendable {
  /// Width of a vector.
  public var dimension: Int
  /// Most words to either side; each centre draws its own reach from 1 to this.
  public var window: Int
  /// Words drawn against each true neighbour.
  public var negatives: Int
  public var epochs: Int
  /// First learning rate; it falls in a straight line to 0.
  public var learningRate: Double
  /// Words more frequent than about this share are dropped at random.
  public var subsampling: Double
  public var seed: UInt64

  public init(
    dimension: Int = 128, window: Int = 5, negatives: Int = 5, epochs: Int = 5, learningRate: Double = 0.05,
    subsampling: Double = 1e-4, seed: UInt64 = 1
  ) {
    self.dimension = dimension
    self.window = window
    self.negatives = negatives
    self.epochs = epochs
    self.learningRate = learningRate
    self.subsampling = subsampling
    self.seed = seed
  }
}

/// Skip-gram word vectors with negative sampling.
///
/// For a centre word w and each neighbour c, with negatives n_k drawn in proportion to count^0.75:
///
///     maximise  log σ(u_c · v_w) + Σ_k log σ(−u_{n_k} · v_w)
///
/// by plain stochastic gradient steps. A word of relative frequency f is kept with probability √(s/f) + s/f. One thread
/// works through the texts in order, so that the same input gives the same bits.
///
/// Cost: about 4·dimension·(negatives + 1)·window floating-point operations a kept token.
///
/// Mikolov et al. 2013, arXiv:1310.4546.
public struct SkipGramTrainer {
  private let options: SkipGramOptions
  private let kernels: KernelSet
  private let keepProbability: [Float]
  private let negativeTable: [Int32]
  private let totalTokens: Int

  /// - Parameter counts: how often each word stands in the texts; 0 for ids that get no vector.
  public init(_ options: SkipGramOptions, counts: [Int], kernels: KernelSet) {
    self.options = options
    self.kernels = kernels
    let total = counts.reduce(0, +)
    totalTokens = total
    keepProbability = counts.map { count in
      guard count > 0 else { return 0 }
      let ratio = options.subsampling * Double(total) / Double(count)
      return Float(ratio.squareRoot() + ratio)
    }
    negativeTable = SkipGramTrainer.makeNegativeTable(counts)
  }

  /// A table in which each word stands in proportion to count^0.75: one draw is one look-up.
  private static func makeNegativeTable(_ counts: [Int]) -> [Int32] {
    let weights = counts.map { $0 > 0 ? power(Double($0), 0.75) : 0 }
    let total = weights.reduce(0, +)
    guard total > 0 else { return [] }
    let size = 1 << 22
    var table: [Int32] = []
    table.reserveCapacity(size)
    var cumulative = 0.0
    for (word, weight) in weights.enumerated() {
      cumulative += weight
      let end = Int(cumulative / total * Double(size))
      while table.count < end { table.append(Int32(word)) }
    }
    return table
  }

  /// Trains vectors, `[words, dimension]`; words without a count keep zeros.
  /// - Parameters:
  ///   - texts: token ids of each text.
  ///   - progress: called now and then with the share done and tokens a second; returning false stops training.
  /// - Returns: the vectors, or nil where `progress` stopped it.
  public func train(
    _ texts: [[Int32]], progress: (_ share: Double, _ tokensPerSecond: Double) -> Bool = { _, _ in true }
  ) -> [Float]? {
    let dimension = options.dimension
    let words = keepProbability.count
    var random = RandomStream(seed: options.seed)
    var input = [Float](repeating: 0, count: words * dimension)
    for word in 0..<words where keepProbability[word] > 0 {
      for column in 0..<dimension { input[word * dimension + column] = (random.uniform() - 0.5) / Float(dimension) }
    }
    var output = [Float](repeating: 0, count: words * dimension)
    var gradient = [Float](repeating: 0, count: dimension)
    let clock = ContinuousClock()
    let start = clock.now
    let all = Double(Swift.max(1, totalTokens * options.epochs))
    var done = 0
    var nextReport = 1_000_000
    var kept: [Int32] = []
    for _ in 0..<options.epochs {
      for text in texts {
        let rate = Float(options.learningRate * Swift.max(1e-4, 1 - Double(done) / all))
        kept.removeAll(keepingCapacity: true)
        for token in text where random.uniform() < keepProbability[Int(token)] { kept.append(token) }
        input.withUnsafeMutableBufferPointer { input in
          output.withUnsafeMutableBufferPointer { output in
            gradient.withUnsafeMutableBufferPointer { gradient in
              guard let v = input.baseAddress, let u = output.baseAddress, let g = gradient.baseAddress else { return }
              update(kept, v, u, g, rate: rate, random: &random)
            }
          }
        }
        done += text.count
        if done >= nextReport {
          nextReport += 1_000_000
          guard progress(Double(done) / all, Double(done) / (clock.now - start).seconds) else { return nil }
        }
      }
    }
    return input
  }

  /// The gradient steps of one text.
  private func update(
    _ text: [Int32], _ v: UnsafeMutablePointer<Float>, _ u: UnsafeMutablePointer<Float>,
    _ gradient: UnsafeMutablePointer<Float>, rate: Float, random: inout RandomStream
  ) {
    let dimension = options.dimension
    for position in text.indices {
      let reach = 1 + random.integer(below: options.window)
      let centre = v + Int(text[position]) * dimension
      for neighbour in Swift.max(0, position - reach)...Swift.min(text.count - 1, position + reach)
      where neighbour != position {
        gradient.update(repeating: 0, count: dimension)
        for draw in 0...options.negatives {
          let isTrue = draw == 0
          let word = isTrue ? text[neighbour] : negativeTable[random.integer(below: negativeTable.count)]
          if !isTrue && word == text[neighbour] { continue }
          let target = u + Int(word) * dimension
          let score = kernels.dot(centre, target, count: dimension)
          let probability = 1 / (1 + exponential(-score))
          let step = rate * ((isTrue ? 1 : 0) - probability)
          kernels.add(target, scaledBy: step, count: dimension, to: gradient)
          kernels.add(centre, scaledBy: step, count: dimension, to: target)
        }
        kernels.add(gradient, count: dimension, to: centre)
      }
    }
  }
}
