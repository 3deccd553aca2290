import ClassifierTraining
import Cryptography
import FileAccess
import ModelPackage

/// The training data for a manifest: what the configuration says of it, and the files with their digests.
struct TrainingSources {
  private let named: [Manifest.DataSource]
  private let files: [String]

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
      return "sha256:" + SHA256.hexadecimal(of: try FileAccess.read(path, limit: 1 << 34))
    } catch FileError.notRegularFile {
      return nil
    }
  }
}
