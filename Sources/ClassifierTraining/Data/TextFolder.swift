import FileAccess
import TextRecords

/// A folder of plain texts, each of which is a whole file, gzip data or not, whatever its name ends with.
///
/// Folders like it, side by side in one and named as their texts are labelled, are labelled texts (the layout that Create ML
/// calls labelled directories). Names that start with a dot are passed over, and so are files beside folders of labels.
package struct TextFolder {
  /// The path, without `/` at its end.
  let path: String
  /// The label of its texts, which is the folder's name; `nil` where it stands for itself.
  package let label: String?
  /// Paths of its texts, ordered by the bytes of their names.
  package let files: [String]

  /// Whether a path names a folder; `-` is standard input whatever stands there.
  package static func isOne(_ path: String) -> Bool {
    path != RecordReader.standardInputPath && FileAccess.isDirectory(path)
  }

  /// - Throws: `DataError` for a folder that holds nothing, another folder, or what is no plain file.
  private init(_ path: String, label: String?, _ entries: [Entry]) throws(DataError) {
    for entry in entries {
      switch entry.kind {
      case nil: continue
      case .directory?: throw .folderAmongTexts(path: entry.path)
      case let kind?: throw .file(.notRegularFile(path: entry.path, kind: kind))
      }
    }
    guard !entries.isEmpty else { throw .emptyFolder(path: path) }
    self.path = path
    self.label = label
    files = entries.map(\.path)
  }

  /// The folders in `path`, which are named as their texts are labelled.
  /// - Throws: `DataError` where there is none, and for one that holds no texts or other things than texts.
  static func labelled(in path: String) throws(DataError) -> [(label: String, folder: TextFolder)] {
    let entries = try entries(in: path)
    guard !entries.isEmpty else { throw .emptyFolder(path: path) }
    let folders = try folders(among: entries).compactMap { folder in folder.label.map { ($0, folder) } }
    guard !folders.isEmpty else { throw .noFolders(path: path) }
    return folders
  }

  /// The folders in `path`, or the one that it is itself.
  /// - Throws: `DataError` for one that holds no texts or other things than texts.
  package static func all(in path: String) throws(DataError) -> [TextFolder] {
    try all(in: path, try entries(in: path))
  }

  private static func all(in path: String, _ entries: [Entry]) throws(DataError) -> [TextFolder] {
    let folders = try folders(among: entries)
    guard folders.isEmpty else { return folders }
    return [try TextFolder(FileAccess.withoutTrailingSlashes(path), label: nil, entries)]
  }

  /// The same of texts without labels, of which none is passed over.
  /// - Throws: `DataError` also where files and folders stand side by side.
  static func unlabelled(in path: String) throws(DataError) -> [TextFolder] {
    let entries = try entries(in: path)
    if let folder = entries.first(where: { $0.kind == .directory }),
      let file = entries.first(where: { $0.kind != .directory })
    {
      throw .mixedFolder(folder: folder.path, file: file.path)
    }
    return try all(in: path, entries)
  }

  private static func folders(among entries: [Entry]) throws(DataError) -> [TextFolder] {
    var folders: [TextFolder] = []
    for entry in entries where entry.kind == .directory {
      folders.append(try TextFolder(entry.path, label: entry.name, try self.entries(in: entry.path)))
    }
    return folders
  }

  private struct Entry {
    let name: String
    let path: String
    /// `nil` for a regular file.
    let kind: FileError.Kind?
  }

  /// What stands in a folder, links followed.
  private static func entries(in path: String) throws(DataError) -> [Entry] {
    let folder = FileAccess.withoutTrailingSlashes(path)
    var names: [String] = []
    do throws(FileError) { names = try FileAccess.names(inDirectory: folder) } catch { throw .file(error) }
    var entries: [Entry] = []
    for name in names where !name.hasPrefix(".") {
      let path = "\(folder)/\(name)"
      do throws(FileError) {
        entries.append(Entry(name: name, path: path, kind: try FileAccess.kind(of: path)))
      } catch {
        // Names that are not UTF-8 are not found under their repaired form.
        if case .notFound = error, name.unicodeScalars.contains("\u{fffd}") { throw .lostName(path: path) }
        throw .file(error)
      }
    }
    return entries
  }

  /// Reads the texts in their order. Lines end with LF in them, and not at the end.
  /// - Throws: `DataError` at the first file that is no text.
  func forEach(_ body: (String) -> Void) throws(DataError) {
    for file in files { body(try TextFolder.text(of: file)) }
  }

  private static func text(of file: String) throws(DataError) -> String {
    let options = RecordReaderOptions(format: .lines, readsLabels: false)
    let lines = try DataRecords(path: file, options: options)
    var text = ""
    while let (record, line) = try lines.next() {
      guard !line.utf8.contains(0) else { throw .nulInText(path: file, line: record.line) }
      text += line
      text += "\n"
      guard text.utf8.count <= options.textLimit + 1 else {
        throw .badRecord(
          path: file, line: record.line,
          fault: .textTooLong(bytes: text.utf8.count, limit: options.textLimit))
      }
    }
    let end = text.utf8.lastIndex { $0 != UInt8(ascii: "\n") }
    return end.map { String(text[...$0]) } ?? ""
  }
}
