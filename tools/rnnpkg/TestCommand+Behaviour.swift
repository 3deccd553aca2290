import ArgumentParser
import ClassifierTraining
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import StrictJSON

extension TestCommand {
  /// Runs the behaviour suites; the package is read.
  func testBehaviour(of loaded: NamedPackage, _ classifier: Classifier) throws {
    let suites = try BehaviourSuite.read(suite, labels: classifier.labels)
    let test = try BehaviourTest(classifier, suites, pool: WorkerPool(threads: threads))
    let report = BehaviourReport(test, package: loaded.package)
    switch form {
    case .text: print(report.text(withFailures: failures), terminator: "")
    case .json: print(String(decoding: report.json.prettyBytes(), as: UTF8.self))
    }
    if record != nil {
      try loaded.package.recording(test.rows.map(\.record)).write(toFile: package)
      LostSignature.report(of: [loaded], in: package)
    }
    guard let limit = failOver else { return }
    let bad = test.rows.filter { $0.failureRate > limit.value }
    guard !bad.isEmpty else { return }
    let list = bad.map { "\($0.name) \(percent($0.failures.count, of: $0.cases))" }
    throw CheckFailure(
      description: "\(bad.count) of \(test.rows.count) rows fail in more than \(limit) of their cases: "
        + list.joined(separator: ", "))
  }
}
