import ArgumentParser
import ClassifierTraining
import FileAccess
import ModelPackage
import Recurrent
import RecurrentNumerics
import SequenceClassifier
import StrictJSON

/// Measures a package on labelled texts, or tests its behaviour.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Measure a package on labelled texts, or on behaviour suites.",
    discussion: """
      rnnpkg test reviews.rnnpkg test.tsv
      rnnpkg test reviews.rnnpkg test.tsv --label-map 0=negative,1=positive --fail-under accuracy=0.85
      rnnpkg test reviews.rnnpkg test.tsv --report json > report.json
      rnnpkg test reviews.rnnpkg --suite zoo/behaviour --failures --fail-over 15%

      A behaviour suite is a JSON Lines file, one case a line: {"text", "label"} expects the label; {"text", "variants"} one \
      label for all; {"text", "variant", "direction": "positive-up"} that the probability of positive falls by no more than \
      "tolerance" (0.1). --suite takes files or directories of *.jsonl; each file is a row.

      --record writes the figures into the package's manifest; the weights stay as they are. A signature does not hold for \
      the new manifest and is left out: sign again. From its start to its end no other command writes the package.
      """)

  enum ReportForm: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "The package.", completion: .file())
  var package: String
  @Argument(
    help: """
      Labelled texts: TSV, CSV, JSON Lines or fastText, plain or gzip, or a folder that holds a folder of plain texts for \
      each label.
      """, completion: .file())
  var data: String?
  @Option(help: "A behaviour suite, or a directory of them. May be repeated.", completion: .file())
  var suite: [String] = []
  @Option(help: "text or json. Default: text.")
  var report: ReportForm?
  @Flag(help: "The same as --report json.")
  var json = false
  @Flag(help: "List the failing cases of --suite.")
  var failures = false
  @Option(help: "End with code 1 where a row of --suite fails more often: 15% or 0.15.")
  var failOver: Share?
  @Option(help: "End with code 1 where a figure is lower: accuracy=0.85 or macro-f1=0.8. May be repeated.")
  var failUnder: [String] = []
  @OptionGroup
  var columns: LabelledTextArguments
  @Option(help: "Threads; figures do not depend on it.")
  var threads: Int?
  @Option(
    defaultAsFlag: "",
    help: ArgumentHelp(
      "Write the figures into the manifest, under this name of the data; suites bring their own.",
      valueName: "name")
  )
  var record: String?

  func validate() throws {
    try ThreadCount.check(threads)
    if json, let report, report != .json {
      throw ValidationError("--json and --report \(report.rawValue) exclude each other")
    }
    if (data == nil) == suite.isEmpty {
      throw ValidationError("name a file of labelled texts or a --suite, one of the two")
    }
    try columns.require("labelled texts", isGiven: data != nil)
    if suite.isEmpty {
      if failures || failOver != nil { throw ValidationError("--failures and --fail-over go with --suite") }
      if record == "" { throw ValidationError("--record wants a name of the data") }
    } else {
      if !failUnder.isEmpty {
        throw ValidationError("--fail-under goes with labelled texts, --fail-over with --suite")
      }
      if record != nil, record != "" {
        throw ValidationError("--record takes no name with --suite: each file has its own")
      }
    }
  }

  func run() throws {
    let floors = try self.floors()
    // From reading to writing: what another process put there meanwhile would be lost.
    let claim = try record.map { _ in try ClaimedOutput(package) }
    defer { claim?.release() }
    let loaded = try NamedPackage(package)
    let classifier = try loaded.classifier()
    guard let data else { return try testBehaviour(of: loaded, classifier) }
    let sources = TrainingSources(files: [], dev: record == nil ? "-" : data)
    let texts = try columns.texts(of: data, labels: classifier.labels)
    try sources.check()
    let test = try PackageTest(classifier, texts, pool: WorkerPool(threads: threads))
    switch form {
    case .text:
      print(
        TestReport(test, package: loaded.package, data: FileAccess.entryName(of: data)).text, terminator: "")
    case .json:
      let bytes = try TestReport(test, package: loaded.package, data: FileAccess.entryName(of: data)).json()
        .prettyBytes()
      print(String(decoding: bytes, as: UTF8.self))
    }
    if let record { try write(test, of: data, digest: sources.devDigest, as: record, to: loaded) }
    for (name, floor) in floors {
      let value = name == "accuracy" ? test.report.accuracy : test.report.macroF1
      guard value >= floor else {
        throw CheckFailure(description: "\(name) is \(decimals(value, 6)), below \(floor)")
      }
    }
  }

  var form: ReportForm { json ? .json : report ?? .text }

  private func floors() throws -> [(String, Double)] {
    try failUnder.map { text in
      let parts = text.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let floor = Share(argument: String(parts[1])),
        parts[0] == "accuracy" || parts[0] == "macro-f1"
      else {
        throw ValidationError(
          "--fail-under wants accuracy or macro-f1 with a share, such as accuracy=0.85 or accuracy=85%, not "
            + "\"\(EscapedText.unquoted(text))\"")
      }
      return (String(parts[0]), floor.value)
    }
  }

  /// Puts the figures in the manifest, in place of older ones of the same data.
  private func write(
    _ test: PackageTest, of data: String, digest: String?, as name: String, to loaded: NamedPackage
  ) throws {
    let source = Manifest.DataSource(name: name, rows: test.report.count, sha256: digest)
    let words =
      ["rnnpkg", "test", FileAccess.name(of: package), FileAccess.entryName(of: data)] + columns.words
    let command = words.map(shellWord).joined(separator: " ")
    let updated = try loaded.package.recording(test.report.evaluation(of: source, command: command))
    try updated.write(toFile: package)
    LostSignature.report(of: [loaded], in: package)
  }
}
