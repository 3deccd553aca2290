import ClassifierTraining
import Cryptography
import FileAccess

/// The digest of data that a manifest names.
enum DataDigest {
  /// Bytes of a file that are in memory at once.
  private static let blockSize = 1 << 16

  /// Of a file, that of its bytes; of a folder of texts, that of the list that `sha256sum` makes of them within the folder, ordered
  /// by the bytes of its names. `nil` for standard input or a pipe, which can be read once only.
  static func of(_ path: String) throws -> String? {
    guard path != "-" else { return nil }
    do {
      return "sha256:" + (try TextFolder.isOne(path) ? ofFolder(path) : ofFile(path))
    } catch FileError.notRegularFile {
      return nil
    }
  }

  private static func ofFolder(_ path: String) throws -> String {
    var files: [(name: String, path: String)] = []
    for folder in try TextFolder.all(in: path) {
      files += folder.files.map { ((folder.label.map { $0 + "/" } ?? "") + FileAccess.name(of: $0), $0) }
    }
    var list = SHA256()
    for (name, path) in files.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      list.update(Array(line(try ofFile(path), name).utf8))
    }
    return list.hexadecimal
  }

  /// A name that a line cannot hold is escaped, and the line marked.
  private static func line(_ digest: String, _ name: String) -> String {
    var escaped = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "\\": escaped += #"\\"#
      case "\n": escaped += #"\n"#
      case "\r": escaped += #"\r"#
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return "\(escaped.utf8.elementsEqual(name.utf8) ? "" : #"\"#)\(digest)  \(escaped)\n"
  }

  private static func ofFile(_ path: String) throws -> String {
    let file = try ReadableFile(opening: path)
    var hash = SHA256()
    var block: [UInt8]
    repeat {
      block = try file.bytes(upTo: blockSize)
      hash.update(block)
    } while !block.isEmpty
    return hash.hexadecimal
  }
}
