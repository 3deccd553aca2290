/// Records that are read, then classified together, then written: what is held in memory of an input.
struct RecordBatch {
  /// Records of a batch unless told otherwise: enough to give every thread texts of like length.
  static let standardCount = 512
  /// Bytes of ids, texts and fields after which a batch is full, however few its records.
  static let fullSize = 1 << 20
  /// Scores of all its records, one for each label, that a batch may have where it has several records.
  static let scoreCount = 1 << 20

  private(set) var records: [InputRecord] = []
  private var size = 0
  private let count: Int

  /// - Parameters:
  ///   - count: records of a batch, at most.
  ///   - labels: labels of the model.
  init(count: Int, labels: Int) { self.count = min(count, max(1, Self.scoreCount / max(1, labels))) }

  var isFull: Bool { records.count >= count || size >= Self.fullSize }

  mutating func append(_ record: InputRecord) {
    records.append(record)
    size += record.size
  }

  mutating func removeAll() {
    records.removeAll(keepingCapacity: true)
    size = 0
  }

  /// The texts that could be read, in order.
  var texts: [String] {
    records.compactMap { record in
      if case .success(let text) = record.content { text } else { nil }
    }
  }
}
