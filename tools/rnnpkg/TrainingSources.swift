import ClassifierTraining
import Crypto
import FileAccess
import ModelPackage

/// The training data for a manifest: what the configuration says of it, and the files with their digests.
struct TrainingSources {
  private let data: DataOptions
  private let starts: [String]

  init(_ configuration: TrainingConfiguration) {
    data = configuration.data
    starts = [configuration.model.vectors, configuration.model.initFrom].filter { !$0.isEmpty }
  }

  func list() throws -> [Manifest.DataSource] {
    let files = try (data.train + data.unlabelled + data.teachers + starts).filter { $0 != "-" }.map { path in
      Manifest.DataSource(name: FileAccess.name(of: path), sha256: try digest(path))
    }
    return data.sources + files
  }

  /// The digest of a file; nil for a pipe, which can be read once only.
  private func digest(_ path: String) throws -> String? {
    do {
      return "sha256:" + hex(try FileAccess.read(path, limit: 1 << 34))
    } catch FileError.notRegularFile {
      return nil
    }
  }

  private func hex(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}
