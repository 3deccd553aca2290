import ArgumentParser
import SequenceClassifier
import StrictJSON

/// A package from its file to a classifier, within a running process.
struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "load", abstract: "Time loading a package.")
  @Option(help: "The package.", completion: .file())
  var model: String
  @Option(help: "How long to measure.")
  var seconds = 0.5

  func run() throws {
    let measurement = try Measurement(seconds: seconds) { _ = try Classifier(contentsOfFile: model) }
    var report = Report(test: "load", threads: 1)
    report["model"] = .string(model)
    report.add(measurement)
    report.print()
  }
}
