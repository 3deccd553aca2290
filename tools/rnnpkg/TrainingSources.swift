import ClassifierTraining
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
    let digests = (files + [dev]).map { (path: $0, digest: (try? DataDigest.of($0)) ?? nil) }
    self.digests = digests
    devDigest = digests.last?.1
    list =
      named + digests.dropLast().map { Manifest.DataSource(name: FileAccess.entryName(of: $0), sha256: $1) }
  }

  /// Refuses a file that was changed or went away since: the manifest would name what was not read.
  func check() throws {
    for (path, digest) in digests where digest != nil {
      guard let now = try? DataDigest.of(path), now == digest else {
        throw BadInput(path: path, reason: "it was changed while it was read; run the command again")
      }
    }
  }
}
