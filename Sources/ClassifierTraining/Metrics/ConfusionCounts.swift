/// How often each label was predicted for each true label.
///
/// Memory for the labels and for the pairs that occur: a table of all pairs of 65,536 labels would take 34 GB.
struct ConfusionCounts: Sendable, Equatable {
  private struct Pair: Hashable {
    let truth: Int
    let predicted: Int
  }

  /// Examples of each label.
  private(set) var support: [Int]
  /// Examples that each label was predicted for.
  private(set) var predicted: [Int]
  /// Those among them that have the label.
  private(set) var hits: [Int]
  private var pairs: [Pair: Int] = [:]

  init(labelCount: Int) {
    support = [Int](repeating: 0, count: labelCount)
    predicted = support
    hits = support
  }

  /// Counts one example.
  mutating func add(truth: Int, predicted answer: Int) {
    support[truth] += 1
    predicted[answer] += 1
    if answer == truth { hits[truth] += 1 }
    pairs[Pair(truth: truth, predicted: answer), default: 0] += 1
  }

  /// All pairs. Row: true label; column: predicted label. Takes 8 bytes for each pair of labels.
  var matrix: [[Int]] {
    var rows = [[Int]](repeating: [Int](repeating: 0, count: support.count), count: support.count)
    for (pair, count) in pairs { rows[pair.truth][pair.predicted] = count }
    return rows
  }
}
