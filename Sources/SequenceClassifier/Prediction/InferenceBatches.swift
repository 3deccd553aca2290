/// How texts are put together for inference: the longest first, a few of like length in a batch.
///
/// A dozen rows fill a tile of the matrix product while states and sums of a step stay in the first-level cache, which
/// measured faster than larger batches at every size of state. How texts are batched changes no result.
package enum InferenceBatches {
  private static let size = 12

  /// Positions in `lengths` of each batch's texts.
  /// - Parameter tokenLimit: most tokens of a batch of several texts: what may be kept of one text may be kept of a batch.
  package static func plan(lengths: [Int], tokenLimit: Int) -> [[Int]] {
    var batches: [[Int]] = []
    var tokens = 0
    for index in lengths.indices.sorted(by: { (lengths[$0], $1) > (lengths[$1], $0) }) {
      if let last = batches.last, last.count < size, tokens <= tokenLimit - lengths[index] {
        batches[batches.count - 1].append(index)
        tokens += lengths[index]
      } else {
        batches.append([index])
        tokens = lengths[index]
      }
    }
    return batches
  }
}
