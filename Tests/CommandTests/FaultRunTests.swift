import Foundation
import TestSupport
import Testing

/// A small share of `tools/faults/run`: kills, outputs that cannot be, closed streams and too little memory. Needs Python 3.11.
@Suite(.enabled(if: Python.isModern, "there is no Python 3.11")) struct FaultRunTests {
  #if os(Linux)
    @Test(arguments: [
      ["kill-train", "kill-resume", "kill-pack", "kill-classify", "kill-unpack"],
      ["up-front", "streams", "limits"],
    ])
    func noPromiseIsBroken(_ scenarios: [String]) throws {
      let process = Process()
      process.executableURL = URL(filePath: try #require(Python.path))
      process.arguments =
        [SourceTree.root.appending(path: "tools/faults/run").path, "--kills", "4", "--only"] + scenarios
      process.environment = ProcessInfo.processInfo.environment.merging(
        ["RECURRENT_PROGRAMS": CommandRunner.programDirectory]) { $1 }
      let output = Pipe()
      process.standardOutput = output
      process.standardError = output
      try process.run()
      let report = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(report)")
      for scenario in scenarios { #expect(report.contains(scenario), "\(report)") }
    }
  #endif
}
