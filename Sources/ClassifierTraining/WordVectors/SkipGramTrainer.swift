import RecurrentNumerics

/// Skip-gram word vectors with negative sampling.
///
/// For a pair of an input word w and a true output c near it, with negatives n_k drawn in proportion to count^0.75:
///
///     maximise  log σ(u_c · v_w) + Σ_k log σ(−u_{n_k} · v_w)
///
/// by plain stochastic gradient steps, eight pairs at a time sharing negatives (see `skip_gram` in `recurrent_kernels.h`).
///
/// Threads without races or chance: the vocabulary is cut into P parts, and the pairs of an episode (some texts) sorted by
/// the parts of their two words, P² lists. Negatives come from the part of the true output. Lists (i, i + r) for all i
/// then touch rows of no other, so P tasks run at once, for r = 0 … P − 1 in turn. Which thread runs which changes no bit,
/// and every step reads up-to-date vectors. A new random cut in each episode keeps the expected gradient that of
/// negatives from all words. P depends on the vocabulary alone.
///
/// Cost: about 6·dimension·(negatives + 1)·(window + 1) floating-point operations a kept token.
///
/// Mikolov et al. 2013, arXiv:1310.4546; shared negatives: Ji et al. 2016, arXiv:1604.04661; parts: Gemulla et al. 2011,
/// doi:10.1145/2020408.2020426.
public struct SkipGramTrainer {
  private let options: SkipGramOptions
  private let counts: [Int]
  private let pool: WorkerPool
  private let kernels: KernelSet

  /// - Parameters:
  ///   - counts: how often each word stands in the texts; 0 for ids that get no vector.
  ///   - pool: the threads; results do not depend on them.
  public init(_ options: SkipGramOptions, counts: [Int], pool: WorkerPool, kernels: KernelSet) {
    precondition(
      (1...SkipGramOptions.largestNegatives).contains(options.negatives), "\(options.negatives) negatives")
    self.options = options
    self.counts = counts
    self.pool = pool
    self.kernels = kernels
  }

  /// Trains vectors, `[words, dimension]`; words without a count keep zeros.
  /// - Parameters:
  ///   - texts: token ids of each text.
  ///   - progress: called now and then with the share done and tokens a second; returning false stops training.
  /// - Returns: the vectors, or nil where `progress` stopped it.
  public func train(
    _ texts: [[Int32]], progress: (_ share: Double, _ tokensPerSecond: Double) -> Bool = { _, _ in true }
  ) -> [Float]? {
    let root = RandomStream(seed: options.seed)
    var random = root
    let vectors = SkipGramVectors(dimension: options.dimension, counts: counts, random: &random)
    let spans = TextSpan.spans(of: texts)
    let tokens = spans.reduce(0) { $0 + Int($1.count) }
    guard tokens > 0 else { return vectors.inputs }
    let all = tokens * options.epochs
    var parts = WordParts(counts: counts)
    let negativeSampler = NegativeSampler(counts: counts)
    let samplers = (0..<parts.count).map { _ in
      SkipGramSampler(options, counts: counts, negativeSampler: negativeSampler, parts: parts.count)
    }
    let clock = ContinuousClock()
    let start = clock.now
    var done = 0
    var episode: UInt64 = 0
    for _ in 0..<options.epochs {
      var first = 0
      while first < spans.count {
        let rate = Float(options.learningRate * Swift.max(1e-4, 1 - Double(done) / Double(all)))
        let end = SkipGramTrainer.episodeEnd(spans, from: first, all: all)
        let stream = root.derived(episode)
        var shuffling = stream.derived(UInt64(parts.count))
        parts.shuffle(&shuffling)
        run(samplers, texts, spans[first..<end], vectors, parts, rate: rate, random: stream)
        done += spans[first..<end].reduce(0) { $0 + Int($1.count) }
        first = end
        episode += 1
        guard progress(Double(done) / Double(all), Double(done) / (clock.now - start).seconds) else {
          return nil
        }
      }
    }
    return vectors.inputs
  }

  /// The end of the episode that starts at a span: long enough to keep threads busy, short enough for the learning rate to
  /// fall in some hundred steps.
  private static func episodeEnd(_ spans: [TextSpan], from first: Int, all: Int) -> Int {
    let wanted = Swift.min(Swift.max(all / 200, 1), 1 << 20)
    var end = first
    var tokens = 0
    while end < spans.count && tokens < wanted {
      tokens += Int(spans[end].count)
      end += 1
    }
    return end
  }

  /// Samples an episode and takes its steps.
  private func run(
    _ samplers: [SkipGramSampler], _ texts: [[Int32]], _ spans: ArraySlice<TextSpan>,
    _ vectors: SkipGramVectors,
    _ parts: WordParts, rate: Float, random: RandomStream
  ) {
    let count = samplers.count
    let kernels = self.kernels
    pool.run(count) { index in
      let start = spans.startIndex + spans.count * index / count
      let end = spans.startIndex + spans.count * (index + 1) / count
      samplers[index].sample(spans[start..<end], of: texts, parts, random: random.derived(UInt64(index)))
    }
    for turn in 0..<count {
      pool.run(count) { input in
        let output = (input + turn) % count
        for sampler in samplers {
          sampler.step(vectors, input: input, output: output, rate: rate, kernels: kernels)
        }
      }
    }
  }
}
