import ArgumentParser
import ClassifierTraining
import FileAccess
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import StrictJSON

/// Compares two packages.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two packages: manifest, words, weights, and answers to labelled texts.",
    discussion: """
      rnnpkg diff old.rnnpkg new.rnnpkg
      rnnpkg diff old.rnnpkg new.rnnpkg --data dev.tsv
      rnnpkg diff old.rnnpkg new.rnnpkg --data dev.tsv --fail-on-flips 1%

      A flip is a text that gets another label. McNemar's p is the probability of as large a difference in right answers if \
      the two were equally good. With --fail-on-flips the exit code is 1 where more texts flip; otherwise differences are no \
      error.
      """)

  @Argument(help: "The package to compare with.", completion: .file())
  var before: String
  @Argument(help: "The package to compare.", completion: .file())
  var after: String
  @Option(help: "Labelled texts to ask both packages: a file or folder.", completion: .file())
  var data: String?
  @OptionGroup(title: "Texts of --data")
  var columns: LabelledTextArguments
  @Option(help: "The largest share of flips that is accepted: 1% or 0.01.")
  var failOnFlips: Share?
  @Flag(help: "List the texts that flip.")
  var flips = false
  @Flag(help: "The report as JSON.")
  var json = false
  @Option(help: "Threads; results do not depend on it.")
  var threads: Int?

  func validate() throws {
    try ThreadCount.check(threads)
    try columns.require("--data", isGiven: data != nil)
    if data == nil {
      if failOnFlips != nil { throw ValidationError("--fail-on-flips goes with --data") }
      if flips { throw ValidationError("--flips goes with --data") }
    }
  }

  func run() throws {
    let (old, new) = (try NamedPackage(before), try NamedPackage(after))
    let difference = try PackageDifference(old.package, new.package)
    var texts: LabelledTexts?
    var behaviour: BehaviourDifference?
    if let data {
      let (first, second) = (try old.classifier(), try new.classifier())
      let read = try columns.texts(of: data, labels: first.labels)
      texts = read
      behaviour = try BehaviourDifference(first, second, read, pool: WorkerPool(threads: threads))
    }
    let report = DifferenceReport(
      before: old.package, after: new.package, difference, behaviour: behaviour,
      data: data.map(FileAccess.entryName), flippedTexts: flips ? texts?.texts : nil)
    print(
      json ? String(decoding: try report.json().prettyBytes(), as: UTF8.self) + "\n" : report.text,
      terminator: "")
    if let limit = failOnFlips, let behaviour, behaviour.flipShare > limit.value {
      throw CheckFailure(
        description:
          "\(grouped(behaviour.flips.count)) of \(grouped(behaviour.count)) texts flip "
          + "(\(percent(behaviour.flips.count, of: behaviour.count))), more than \(limit)")
    }
  }
}
