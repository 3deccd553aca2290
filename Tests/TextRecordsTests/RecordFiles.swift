import Foundation
import TextRecords

/// A file of records that lives as long as the value.
final class RecordFile {
  let path: String

  init(_ bytes: [UInt8], name: String = "records.txt") throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "records-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    path = file.path
  }

  convenience init(_ text: String, name: String = "records.txt") throws {
    try self.init(Array(text.utf8), name: name)
  }

  deinit {
    try? FileManager.default.removeItem(
      at: URL(fileURLWithPath: path).deletingLastPathComponent())
  }
}

/// All that `reader` gives.
func all(_ reader: RecordReader) throws -> [TextRecord] {
  var records: [TextRecord] = []
  while let record = try reader.next() { records.append(record) }
  return records
}

/// The records of `bytes`, read as a file of `format`.
func records(
  _ bytes: [UInt8], _ format: RecordFormat, _ options: RecordReaderOptions = .init()
) throws -> [TextRecord] {
  let file = try RecordFile(bytes)
  var options = options
  options.format = format
  return try all(RecordReader(path: file.path, options: options))
}

/// The records of `text`, read as a file of `format`.
func records(
  _ text: String, _ format: RecordFormat, _ options: RecordReaderOptions = .init()
) throws -> [TextRecord] {
  try records(Array(text.utf8), format, options)
}

/// What opening or reading `text` fails with; `nil` where it does not.
func failure(
  _ text: String, _ format: RecordFormat, _ options: RecordReaderOptions = .init()
) throws -> RecordReaderError? {
  do {
    _ = try records(text, format, options)
    return nil
  } catch let error as RecordReaderError {
    return error
  }
}

/// The error's message without the file's folder.
func message(_ error: RecordReaderError) -> String {
  "\(error)".replacingOccurrences(
    of: URL(fileURLWithPath: error.path).deletingLastPathComponent().path + "/", with: "")
}

extension TextRecord {
  /// The text, or the fault's code in brackets.
  var summary: String {
    switch content {
    case .success(let text): text
    case .failure(let fault): "<\(fault.code)>"
    }
  }

  /// The fault, if the record has one.
  var fault: RecordFault? {
    if case .failure(let fault) = content { return fault }
    return nil
  }
}
