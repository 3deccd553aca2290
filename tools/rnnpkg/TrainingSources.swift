import ClassifierTraining
import Cryptography
import FileAccess
import ModelPackage

/// The training data for a manifest: what the configuration says of it, and the files with their digests.
///
/// Made before the files are read. `check` then tells whether they are still those that were read.
struct TrainingSources {
  /// What the manifest says of the training data.
  let list: [Manifest.DataSource]
  /// Of the dev data, where that is a file that can be read again.
  let devDigest: String?
  private let digests: [(path: String, digest: String?)]
  /// Bytes of a file that are in memory at once.
  private static let blockSize = 1 << 20

  init(_ configuration: TrainingConfiguration) {
    let (data, model) = (configuration.data, configuration.model)
    self.init(
      named: data.sources,
      files: data.train + data.unlabelled + data.teachers
        + [model.vectors, model.initFrom].filter { !$0.isEmpty },
      dev: data.validShare == nil ? data.valid : "-")
  }

  /// - Parameter dev: the file of dev data; `-` for none that can be read again.
  init(named: [Manifest.DataSource] = [], files: [String], dev: String) {
    let files = files.filter { $0 != "-" }
    // Of a file that cannot be read, whoever reads it says more.
    let digests = (files + [dev]).map { (path: $0, digest: (try? TrainingSources.digest(of: $0)) ?? nil) }
    self.digests = digests
    devDigest = digests.last?.1
    list =
      named + digests.dropLast().map { Manifest.DataSource(name: FileAccess.entryName(of: $0), sha256: $1) }
  }

  /// Refuses a file that was changed or went away since: the manifest would name what was not read.
  func check() throws {
    for (path, digest) in digests where digest != nil {
      guard let now = try? TrainingSources.digest(of: path), now == digest else {
        throw BadInput(path: path, reason: "it was changed while it was read; run the command again")
      }
    }
  }

  /// The digest of a file; nil for standard input or a pipe, which can be read once only. That of a folder of texts is the
  /// digest of a list of its files, as `sha256sum` writes it within the folder: their digests and names.
  static func digest(of path: String) throws -> String? {
    guard path != "-" else { return nil }
    if FileAccess.isDirectory(path) { return try digest(ofFolder: path) }
    do {
      return "sha256:" + (try hash(of: path))
    } catch FileError.notRegularFile {
      return nil
    }
  }

  private static func digest(ofFolder path: String) throws -> String {
    var list = SHA256()
    for folder in try TextFolder.all(in: path) {
      for file in folder.files {
        let name = (folder.label.map { $0 + "/" } ?? "") + FileAccess.name(of: file)
        list.update(Array("\(try hash(of: file))  \(name)\n".utf8))
      }
    }
    return "sha256:" + list.hexadecimal
  }

  private static func hash(of file: String) throws -> String {
    let file = try ReadableFile(opening: file)
    var hash = SHA256()
    var block: [UInt8]
    repeat {
      block = try file.bytes(upTo: blockSize)
      hash.update(block)
    } while !block.isEmpty
    return hash.hexadecimal
  }
}
