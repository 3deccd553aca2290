import FileAccess
import StrictJSON
import TextRecords

/// One record to answer, wherever it comes from.
struct InputRecord {
  /// The number of the record among all that the program reads, from 0.
  let index: Int
  let id: String?
  let content: Result<String, RecordFault>
  /// Where the record stands, for messages: `reviews.csv: line 7`.
  let place: Place

  /// Where a record stands.
  enum Place: CustomStringConvertible {
    case argument(Int)
    case line(Int, path: String)

    var description: String {
      switch self {
      case .argument(let number): "text \(number)"
      case .line(let line, RecordReader.standardInputPath): "standard input: line \(line)"
      case .line(let line, let path): "\(EscapedText.unquoted(path)): line \(line)"
      }
    }
  }

  /// How much of a batch the record takes, in bytes of text.
  var size: Int {
    switch content {
    case .success(let text): text.utf8.count
    case .failure: 0
    }
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

  /// Looks that every file is there before any of them is read.
  init(_ input: InputOptions) throws(CommandFailure) {
    texts = input.texts[...]
    paths = input.paths[...]
    options = input.readerOptions
    mayLackHeader = !input.namesField
    for path in paths where path != RecordReader.standardInputPath && !FileAccess.exists(path) {
      throw CommandFailure(FileError.notFound(path: path))
    }
  }

  /// The next record; `nil` after the last.
  mutating func next() throws(CommandFailure) -> InputRecord? {
    if let text = texts.popFirst() {
      textNumber += 1
      return record(id: nil, content: text.content, place: .argument(textNumber))
    }
    do throws(RecordReaderError) {
      while true {
        if let found = try reader?.next() {
          return record(id: found.id, content: found.content, place: .line(found.line, path: path))
        }
        reader = nil
        guard let following = paths.popFirst() else { return nil }
        path = following
        reader = try RecordReader(path: following, options: options)
      }
    } catch {
      throw CommandFailure(error, mayLackHeader: mayLackHeader)
    }
  }

  private mutating func record(
    id: String?, content: Result<String, RecordFault>, place: InputRecord.Place
  ) -> InputRecord {
    defer { nextIndex += 1 }
    return InputRecord(index: nextIndex, id: id, content: content, place: place)
  }
}
