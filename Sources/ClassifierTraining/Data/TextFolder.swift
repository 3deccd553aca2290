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

  /// - Throws: `DataError` for a folder that cannot be listed, holds nothing, or holds another.
  private init(_ path: String, label: String?) throws(DataError) {
    let files = try TextFolder.entries(in: path).map(\.path)
    if let folder = files.first(where: FileAccess.isDirectory) { throw .folderAmongTexts(path: folder) }
    guard !files.isEmpty else { throw .emptyFolder(path: path) }
    self.path = path
    self.label = label
    self.files = files
  }

  /// The folders in `path`, which are named as their texts are labelled.
  /// - Throws: `DataError` where there is none, and for one that holds no texts or other things than texts.
  static func labelled(in path: String) throws(DataError) -> [(label: String, folder: TextFolder)] {
    let folders = try folders(in: path).compactMap { folder in folder.label.map { ($0, folder) } }
    guard !folders.isEmpty else { throw .noFolders(path: path) }
    return folders
  }

  /// The folders in `path`, or the one that it is itself.
  /// - Throws: `DataError` for one that holds no texts or other things than texts.
  package static func all(in path: String) throws(DataError) -> [TextFolder] {
    let folders = try folders(in: path)
    guard folders.isEmpty else { return folders }
    return [try TextFolder(FileAccess.withoutTrailingSlashes(path), label: nil)]
  }

  private static func folders(in path: String) throws(DataError) -> [TextFolder] {
    let path = FileAccess.withoutTrailingSlashes(path)
    var folders: [TextFolder] = []
    for (name, entry) in try entries(in: path) where FileAccess.isDirectory(entry) {
      folders.append(try TextFolder(entry, label: name))
    }
    return folders
  }

  private static func entries(in path: String) throws(DataError) -> [(name: String, path: String)] {
    var names: [String] = []
    do throws(FileError) { names = try FileAccess.names(inDirectory: path) } catch { throw .file(error) }
    let entries = names.filter { !$0.hasPrefix(".") }.map { (name: $0, path: "\(path)/\($0)") }
    // A name that is not UTF-8 is not found under its repaired form: what it names would be missing in silence.
    if let lost = entries.first(where: { !FileAccess.exists($0.path) }) { throw .lostName(path: lost.path) }
    return entries
  }

  /// Reads the texts in their order; the line ends at the end of a file are no part of its text.
  /// - Throws: `DataError` at the first file that is no text.
  func forEach(_ body: (String) -> Void) throws(DataError) {
    for file in files { body(try TextFolder.text(of: file)) }
  }

  private static func text(of file: String) throws(DataError) -> String {
    do {
      // A pipe would be waited for.
      try FileAccess.checkRegular(file)
      // Texts that a NUL byte ends: of a file without one, the whole.
      let reader = try RecordReader(
        path: file, options: RecordReaderOptions(format: .nul, readsLabels: false))
      guard let record = try reader.next() else { return "" }
      let text: String
      switch record.content {
      case .success(let content): text = content
      case .failure(let fault): throw DataError.badText(path: file, fault: fault)
      }
      guard try reader.next() == nil else { throw DataError.nulInText(path: file) }
      let bytes = text.utf8
      guard let last = bytes.lastIndex(where: { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }) else {
        return ""
      }
      return String(text[...last])
    } catch let error as DataError {
      throw error
    } catch let error as RecordReaderError {
      throw .unreadable(error)
    } catch let error as FileError {
      throw .file(error)
    } catch {
      preconditionFailure("opening and reading a text throw these errors only: \(error)")
    }
  }
}
