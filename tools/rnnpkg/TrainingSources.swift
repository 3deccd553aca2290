import ClassifierTraining
import Cryptography
import FileAccess
import ModelPackage

/// The training data for a manifest: what the configuration says of it, and the files with their digests.
struct TrainingSources {
  private let named: [Manifest.DataSource]
  private let files: [String]
  /// Bytes of a file that are in memory at once.
  private static let blockSize = 1 << 20

  init(_ configuration: TrainingConfiguration) {
    let (data, model) = (configuration.data, configuration.model)
    named = data.sources
    files =
      data.train + data.unlabelled + data.teachers + [model.vectors, model.initFrom].filter { !$0.isEmpty }
  }

  init(files: [String]) {
    named = []
    self.files = files
  }

  func list() throws -> [Manifest.DataSource] {
    try named
      + files.filter { $0 != "-" }.map { path in
        Manifest.DataSource(name: FileAccess.name(of: path), sha256: try TrainingSources.digest(of: path))
      }
  }

  /// The digest of a file; nil for standard input or a pipe, which can be read once only.
  static func digest(of path: String) throws -> String? {
    guard path != "-" else { return nil }
    do {
      let file = try ReadableFile(opening: path)
      var hash = SHA256()
      var block: [UInt8]
      repeat {
        block = try file.bytes(upTo: blockSize)
        hash.update(block)
      } while !block.isEmpty
      return "sha256:" + hash.hexadecimal
    } catch FileError.notRegularFile {
      return nil
    }
  }
}
