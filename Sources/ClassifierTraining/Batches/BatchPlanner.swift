import RecurrentNumerics

/// Which examples make up each batch of an epoch: close in length, within a token budget, in random order.
///
/// Examples are shuffled, cut into pools of about `poolBatches` batches, sorted by length within a pool, and cut where
/// the next example would pass the budget. The batches are shuffled again. A plan depends on (seed, epoch) alone.
public struct BatchPlanner: Sendable {
  /// Most tokens of a batch; an example longer than that is a batch of its own.
  public let tokenBudget: Int
  /// Most examples of a batch.
  public let exampleLimit: Int
  private let poolBatches = 50

  /// Both limits are 1 or more, which is not checked.
  public init(tokenBudget: Int, exampleLimit: Int) {
    self.tokenBudget = tokenBudget
    self.exampleLimit = exampleLimit
  }

  /// The batches of an epoch, each a list of positions in `lengths`, longest first.
  public func batches(lengths: [Int], stream: RandomStream) -> [[Int]] {
    var random = stream.derived(0)
    var order = Array(lengths.indices)
    random.shuffle(&order)
    let total = lengths.reduce(0, +)
    let mean = Swift.max(1, total / Swift.max(1, lengths.count))
    let poolSize = Swift.max(1, Swift.min(exampleLimit, tokenBudget / mean + 1)) * poolBatches
    var batches: [[Int]] = []
    for start in stride(from: 0, to: order.count, by: poolSize) {
      let pool = order[start..<Swift.min(start + poolSize, order.count)]
        .enumerated().sorted { (lengths[$0.element], $1.offset) > (lengths[$1.element], $0.offset) }
        .map(\.element)
      batches += cut(pool, lengths: lengths)
    }
    random.shuffle(&batches)
    return batches
  }

  private func cut(_ examples: [Int], lengths: [Int]) -> [[Int]] {
    var batches: [[Int]] = []
    var batch: [Int] = []
    var tokens = 0
    for example in examples {
      if !batch.isEmpty && (tokens + lengths[example] > tokenBudget || batch.count >= exampleLimit) {
        batches.append(batch)
        batch = []
        tokens = 0
      }
      batch.append(example)
      tokens += lengths[example]
    }
    if !batch.isEmpty { batches.append(batch) }
    return batches
  }
}
