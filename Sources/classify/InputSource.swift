import FileAccess
import TextRecords

/// One record to answer, wherever it comes from.
struct InputRecord {
  /// The number of the record among all that the program reads, from 0.
  let index: Int
  let id: String?
  let content: Result<String, RecordFault>
  /// What else of the record goes into its output.
  let fields: KeptFields
  /// Where the record stands, for messages: `reviews.csv: line 7`.
  let place: Place

  /// Where a record stands.
  enum Place: CustomStringConvertible {
    case argument(Int)
    case line(Int, path: String)

    var description: String {
      switch self {
      case .argument(let number): "text \(number)"
      case .line(let line, let path): "\(RecordReader.displayName(of: path)): line \(line)"
      }
    }
  }

  /// How much of a batch the record takes, in bytes of its id, text and fields.
  var size: Int {
    let size = (id?.utf8.count ?? 0) + fields.size
    return if case .success(let text) = content { size + text.utf8.count } else { size }
  }
}

/// All records of a run, in order: the texts among the arguments, or the files one after another.
struct InputSource {
  private var texts: ArraySlice<ArgumentText>
  private var paths: ArraySlice<String>
  private let options: RecordReaderOptions
  /// Whether `--no-header` could be the way out where a table has no fitting header.
  private let mayLackHeader: Bool
  private var reader: RecordReader?
  private var path = ""
  private var textNumber = 0
  private var nextIndex = 0
  private let keeping: FieldKeeping
  /// The columns that every record has, where the output needs them.
  private(set) var sharedColumns = SharedColumns()
  /// Whether the columns of the file that is read are still to be looked at.
  private var awaitsColumns = false

  /// Looks that every file is there before any of them is read.
  init(_ input: InputOptions, keeping: FieldKeeping) throws(CommandFailure) {
    texts = input.texts[...]
    paths = input.paths[...]
    self.keeping = keeping
    var options = input.readerOptions
    options.keepsFields = keeping != .nothing
    options.waitsForColumns = keeping == .sharedColumns
    self.options = options
    mayLackHeader = !input.namesField
    for path in paths where path != RecordReader.standardInputPath && !FileAccess.exists(path) {
      throw CommandFailure(FileError.notFound(path: path))
    }
    if paths.count > 1, keeping != .nothing { try checkColumns() }
  }

  /// The next record; `nil` after the last.
  mutating func next() throws(CommandFailure) -> InputRecord? {
    if let text = texts.popFirst() {
      textNumber += 1
      return record(id: nil, content: text.content, place: .argument(textNumber))
    }
    while true {
      if let found = try nextOfFile() {
        let place = InputRecord.Place.line(found.line, path: path)
        if awaitsColumns { try lookAtColumns(with: found, at: place) }
        let fields = keeping == .nothing ? KeptFields.none : KeptFields(of: found)
        return record(id: found.id, content: found.content, fields: fields, place: place)
      }
      reader = nil
      guard let following = paths.popFirst() else { return nil }
      try open(following)
    }
  }

  private mutating func record(
    id: String?, content: Result<String, RecordFault>, fields: KeptFields = .none, place: InputRecord.Place
  ) -> InputRecord {
    defer { nextIndex += 1 }
    return InputRecord(index: nextIndex, id: id, content: content, fields: fields, place: place)
  }

  /// Looks at the first row of every file that can be opened again, so that what is wrong with the last one is told before
  /// the first is classified. What cannot be read is told when its turn comes.
  private func checkColumns() throws(CommandFailure) {
    var shared = SharedColumns()
    for path in paths where path != RecordReader.standardInputPath {
      guard (try? FileAccess.checkRegular(path)) != nil,
        let reader = try? RecordReader(path: path, options: options)
      else { continue }
      guard let columns = reader.format.isTable ? reader.columns : [] else { continue }
      shared = try adding(columns, of: path, to: shared)
    }
  }

  private func nextOfFile() throws(CommandFailure) -> TextRecord? {
    do throws(RecordReaderError) {
      return try reader?.next()
    } catch {
      throw CommandFailure(error, mayLackHeader: mayLackHeader)
    }
  }

  private mutating func open(_ path: String) throws(CommandFailure) {
    self.path = path
    do throws(RecordReaderError) {
      reader = try RecordReader(path: path, options: options)
    } catch {
      throw CommandFailure(error, mayLackHeader: mayLackHeader)
    }
    awaitsColumns = keeping != .nothing
    if let columns = reader?.columns { try take(columns) }
  }

  // MARK: Columns

  /// The columns of a file whose first row is a record, or that is no table: its first record tells.
  private mutating func lookAtColumns(
    with record: TextRecord, at place: InputRecord.Place
  ) throws(CommandFailure) {
    guard let reader else { return }
    if let columns = reader.columns { return try take(columns) }
    guard reader.format.isTable else { return try take([]) }
    // No row of the file can be read, or too many before one that can. JSON writes them without fields; a table needs a header.
    guard keeping == .sharedColumns, !sharedColumns.areKnown, case .failure(let fault) = record.content
    else { return }
    throw CommandFailure(
      .badInput,
      "\(place): \(fault); --keep-fields takes the columns from the first row that can be read: mend this one, or write "
        + "--output-format jsonl")
  }

  private mutating func take(_ columns: [String]) throws(CommandFailure) {
    guard awaitsColumns else { return }
    awaitsColumns = false
    sharedColumns = try adding(columns, of: path, to: sharedColumns)
  }

  /// Refuses names of which an object or a table can have only one, and columns that a table cannot share.
  private func adding(
    _ columns: [String], of path: String, to known: SharedColumns
  ) throws(CommandFailure) -> SharedColumns {
    // By bytes: composed and decomposed letters make different names, as they do in JSON.
    var names: Set<[UInt8]> = []
    guard let twice = columns.first(where: { !names.insert(Array($0.utf8)).inserted }) else {
      var known = known
      if keeping == .sharedColumns { try known.take(columns, of: path) }
      return known
    }
    if twice.isEmpty {
      throw CommandFailure(
        .badInput,
        "\(RecordReader.displayName(of: path)): \(columns.count(where: \.isEmpty)) columns have no name in the first row; name or "
          + "remove them, or leave out --keep-fields")
    }
    throw CommandFailure(
      RecordReaderError.duplicateColumn(path: path, name: twice), mayLackHeader: mayLackHeader)
  }
}
