import Foundation
import StrictJSON
import TestSupport

/// Data and calls that the tests of `rnnpkg` share.
enum RnnpkgFixtures {
  static let rnnpkg = CommandRunner("rnnpkg")

  /// Options of a network that is trained in a blink.
  static let tiny = ["--hidden", "4", "--embedding", "4", "--epochs", "2", "--batch-size", "16"]

  /// 60 reviews as (label, text); no text holds a tab, a comma or a quote.
  static let reviews: [(label: String, text: String)] = {
    let things = ["film", "story", "cast", "music", "ending"]
    let good = ["great", "lovely", "warm", "funny", "brilliant", "superb"]
    let bad = ["awful", "boring", "dull", "terrible", "weak", "poor"]
    return things.flatMap { thing in
      good.indices.flatMap { index in
        [
          ("positive", "A \(good[index]) \(thing) and a \(good[(index + 1) % 6]) one."),
          ("negative", "A \(bad[index]) \(thing) and a \(bad[(index + 1) % 6]) one."),
        ]
      }
    }
  }()

  static let table = "label\ttext\n" + reviews.map { "\($0.label)\t\($0.text)\n" }.joined()

  static func run(_ arguments: [String], in directory: String? = nil, environment: [String: String?] = [:])
    throws
    -> CommandRunner.Outcome
  {
    var runner = rnnpkg
    runner.directory = directory
    runner.environment = environment
    return try runner.run(arguments: arguments.map { Array($0.utf8) })
  }

  /// Trains a tiny package in `scratch` and gives its bytes.
  static func trained(
    _ scratch: TemporaryDirectory, on path: String, as name: String = "out.rnnpkg", _ options: String...
  ) throws -> [UInt8] {
    let outcome = try run(["train", path, "-o", name] + tiny + options, in: scratch.path)
    guard outcome.status == 0 else { throw Failed(description: "exit \(outcome.status): \(outcome.message)") }
    return try scratch.bytes(of: name)
  }

  /// Trains a package that knows `table` beside the small package, for all tests of a run, and gives its path.
  static func known(as name: String, _ options: String...) throws -> String {
    let data = "\(SmallPackage.directory)/\(name).tsv"
    let package = "\(SmallPackage.directory)/\(name).rnnpkg"
    try Data(table.utf8).write(to: URL(fileURLWithPath: data))
    let outcome = try run(
      [
        "train", data, "-o", package, "--hidden", "8", "--embedding", "8", "--batch-size", "8", "--lr",
        "0.02", "--quiet",
      ]
        + options)
    guard outcome.status == 0 else { throw Failed(description: "exit \(outcome.status): \(outcome.message)") }
    return package
  }

  /// The digests of the data that a package was measured on, in the order of its manifest.
  static func evaluatedDigests(of package: String) throws -> [String?] {
    let manifest = try JSONValue(parsing: run(["show", package, "--json"]).standardOutput)
    return (manifest["evaluation"]?.arrayValue ?? []).map { $0["data"]?["sha256"]?.stringValue }
  }

  struct Failed: Error, CustomStringConvertible {
    let description: String
  }
}
