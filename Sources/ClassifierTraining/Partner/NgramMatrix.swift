import RecurrentNumerics
import SequenceClassifier
import TextEncoding

/// Which n-grams stand in which texts: a binary matrix `[texts, features]`, both row by row and column by column, so that
/// products with it and with its transpose only gather, and every sum has one order whatever the threads.
///
/// Features are the n-grams of `minimumDocuments` texts or more, the commonest first, then by key.
/// Memory: 8 bytes for each n-gram of each text while it is made, then 8 for each of those that are features.
package struct NgramMatrix: Sendable {
  /// Key of each feature.
  package let keys: [UInt64]
  /// Row by row: features of a text, ascending.
  package let rowStarts: [Int]
  package let columns: [UInt32]
  /// Column by column: texts of a feature, ascending.
  package let columnStarts: [Int]
  package let rows: [UInt32]

  package var rowCount: Int { rowStarts.count - 1 }
  package var featureCount: Int { keys.count }

  /// Texts that have a feature.
  func documents(of feature: Int) -> Int { columnStarts[feature + 1] - columnStarts[feature] }

  package init(
    _ texts: [String], tokenizer: WordTokenizer, orders: Int, minimumDocuments: Int, pool: WorkerPool
  ) {
    let chunks = NgramMatrix.chunks(texts.count)
    let documents = TaskResults<[[UInt64]]>(chunks.count)
    pool.run(chunks.count) { chunk in
      documents[chunk] = chunks[chunk].map {
        NgramKeys.keys(of: tokenizer.tokenHashes(of: texts[$0]), orders: orders).sortedUnique()
      }
    }
    let kept = NgramMatrix.features(documents, minimumDocuments: minimumDocuments, pool: pool)
    var numbers = KeyNumbers(capacity: kept.count)
    for (number, key) in kept.enumerated() { numbers[key] = UInt32(number) }
    let rows = pool.map(chunks.count) { [numbers] chunk in
      // Keys make room for the numbers that take their place.
      defer { documents[chunk] = nil }
      return (documents[chunk] ?? []).map { keys in keys.compactMap { numbers[$0] }.sorted() }
    }
    self.init(keys: kept, rows: Array(rows.joined()))
  }

  /// - Parameter rows: features of each text, ascending.
  package init(keys: [UInt64], rows: [[UInt32]]) {
    self.keys = keys
    var rowStarts = [0]
    rowStarts.reserveCapacity(rows.count + 1)
    for row in rows { rowStarts.append(rowStarts[rowStarts.count - 1] + row.count) }
    var columns: [UInt32] = []
    columns.reserveCapacity(rowStarts[rows.count])
    var columnStarts = [Int](repeating: 0, count: keys.count + 1)
    for row in rows {
      columns += row
      for column in row { columnStarts[Int(column) + 1] += 1 }
    }
    for column in keys.indices { columnStarts[column + 1] += columnStarts[column] }
    var transposed = [UInt32](repeating: 0, count: columns.count)
    var next = columnStarts
    for (row, features) in rows.enumerated() {
      for column in features {
        transposed[next[Int(column)]] = UInt32(row)
        next[Int(column)] += 1
      }
    }
    self.rowStarts = rowStarts
    self.columns = columns
    self.columnStarts = columnStarts
    self.rows = transposed
  }

  /// The matrix with some of its features, which keep their order.
  func keeping(_ features: [Int]) -> NgramMatrix {
    var numbers = [UInt32](repeating: .max, count: featureCount)
    for (number, feature) in features.enumerated() { numbers[feature] = UInt32(number) }
    return NgramMatrix(
      keys: features.map { keys[$0] },
      rows: (0..<rowCount).map { row in
        columns[rowStarts[row]..<rowStarts[row + 1]].compactMap {
          let number = numbers[Int($0)]
          return number == .max ? nil : number
        }
      })
  }

  /// Adjacent parts of the texts, enough for any number of threads.
  private static func chunks(_ count: Int) -> [Range<Int>] {
    let parts = Swift.max(1, Swift.min(256, count / 16))
    return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }

  private static let partitionBits = 6

  /// Keys that stand in enough texts, the commonest first. Each task counts the keys that begin with the same bits, which
  /// keeps its table in a cache.
  private static func features(
    _ documents: TaskResults<[[UInt64]]>, minimumDocuments: Int, pool: WorkerPool
  ) -> [UInt64] {
    let partitions = 1 << partitionBits
    let found = pool.map(partitions) { partition in
      let first = UInt64(partition) << UInt64(64 - partitionBits)
      let last = first | (.max >> UInt64(partitionBits))
      var occurrences: [UInt64] = []
      for chunk in 0..<documents.count {
        for keys in documents[chunk] ?? [] {
          var index = keys.firstIndex(notBelow: first)
          while index < keys.count, keys[index] <= last {
            occurrences.append(keys[index])
            index += 1
          }
        }
      }
      var numbers = KeyNumbers(capacity: occurrences.count)
      for key in occurrences { numbers[key] = (numbers[key] ?? 0) + 1 }
      return numbers.entries.filter { $0.number >= minimumDocuments }
    }
    return found.joined().sorted { ($1.number, $0.key) < ($0.number, $1.key) }.map(\.key)
  }
}

extension [UInt64] {
  /// The values in ascending order, each once.
  fileprivate func sortedUnique() -> [UInt64] {
    var sorted = self.sorted()
    var kept = 0
    for index in sorted.indices where index == 0 || sorted[index] != sorted[index - 1] {
      sorted[kept] = sorted[index]
      kept += 1
    }
    sorted.removeSubrange(kept...)
    return sorted
  }

  /// The first position in ascending values whose value is `value` or above.
  fileprivate func firstIndex(notBelow value: UInt64) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
