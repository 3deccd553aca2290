import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import TextRecords

/// Texts without labels, and the teachers that are to answer for them.
struct Lesson {
  /// Each once; none that is among the labelled texts, whose labels are better known.
  let texts: [String]
  private let teachers: Teachers

  /// Nothing where the configuration names no teacher.
  /// - Parameters:
  ///   - labels: of the data.
  ///   - known: the labelled texts; dev texts must not teach either.
  ///   - cells: those that a teacher may name.
  ///   - readouts: likewise.
  init(
    _ data: DataOptions, labels: [String], known: [LabelledTexts], cells: CellRegistry,
    readouts: ReadoutRegistry, kernels: KernelSet, note: (String) -> Void
  ) throws {
    teachers = try Teachers(
      data.teachers, labels: labels, cells: cells, readouts: readouts, kernels: kernels)
    guard !data.teachers.isEmpty else {
      texts = []
      return
    }
    note("reading \(data.unlabelled.map(RecordReader.displayName).joined(separator: ", "))")
    var seen = Set(known.flatMap(\.texts).map { Array($0.utf8) })
    var texts: [String] = []
    var count = 0
    try UnlabelledTexts.forEach(
      in: data.unlabelled, textField: data.textField, besides: data.format
    ) { text in
      count += 1
      if seen.insert(Array(text.utf8)).inserted { texts.append(text) }
    }
    guard count > 0 else { throw DataError.empty(path: data.unlabelled.joined(separator: ", ")) }
    if texts.count < count {
      note(
        "\(count - texts.count) unlabelled texts stand twice or among the labelled ones; they are left out")
    }
    self.texts = texts
  }

  /// What the teachers say of each text.
  func answers(pool: WorkerPool, note: (String) -> Void) throws -> [ExampleTarget] {
    guard !texts.isEmpty else { return [] }
    note("asking the teachers about \(texts.count) texts")
    return try teachers.answers(to: texts, pool: pool, note: note)
  }
}
