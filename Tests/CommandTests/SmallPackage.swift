import Foundation
import TestSupport

/// A package that is trained in a second, once for all tests of a run.
enum SmallPackage {
  static let name = "small"

  /// The path of the package.
  static func path() throws -> String { try trained.get() }

  /// A copy of it, for a test that changes it, and the copy's path.
  static func copied(to scratch: TemporaryDirectory) throws -> String {
    let copy = "\(scratch.path)/\(name).rnnpkg"
    try FileManager.default.copyItem(atPath: path(), toPath: copy)
    return copy
  }

  /// A directory of this test run, which goes when the run ends.
  static let directory: String = {
    var template = Array((NSTemporaryDirectory() + "recurrent-commands-XXXXXX").utf8CString)
    let path = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    guard let path else { fatalError("cannot make a temporary directory: error \(errno)") }
    atexit { try? FileManager.default.removeItem(atPath: SmallPackage.directory) }
    return path
  }()

  private struct TrainingFailed: Error, CustomStringConvertible {
    let description: String
  }

  private static let trained: Result<String, any Error> = Result {
    let table = "\(directory)/\(name).tsv"
    let package = "\(directory)/\(name).rnnpkg"
    try Data(trainingTable().utf8).write(to: URL(fileURLWithPath: table))
    let outcome = try CommandRunner("rnnpkg").run(
      "train", table, "-o", package, "--epochs", "3", "--hidden", "8", "--embedding", "8", "--quiet")
    guard outcome.status == 0 else {
      throw TrainingFailed(description: "rnnpkg train: exit \(outcome.status): \(outcome.message)")
    }
    return package
  }

  /// 60 reviews, half of them good, each of its own words.
  private static func trainingTable() -> String {
    let things = ["film", "story", "cast", "music", "ending"]
    let good = ["great", "lovely", "warm", "funny", "brilliant", "superb"]
    let bad = ["awful", "boring", "dull", "terrible", "weak", "poor"]
    var rows = ["label\ttext"]
    for (thing, word) in things.flatMap({ thing in good.indices.map { (thing, $0) } }) {
      rows.append(
        "positive\tA \(good[word]) \(thing) and a \(good[(word + 1) % good.count]) one, I loved it.")
      rows.append("negative\tA \(bad[word]) \(thing) and a \(bad[(word + 1) % bad.count]) one, I hated it.")
    }
    return rows.joined(separator: "\n") + "\n"
  }
}
