import ArgumentParser
import StrictJSON

struct PeakCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peak", abstract: "Multiply-adds that the machine reaches.")
  @Option(help: "Threads.")
  var threads = 1

  func run() {
    var report = Report(test: "peak", threads: threads)
    report["gflops"] = .number(measuredPeak(threads: threads))
    report.print()
  }
}
