import Foundation
import FuzzTargets
import Testing

/// What fuzzing found once stays mended: each file in `Findings/<target>` runs through its target again.
@Suite struct FuzzReplayTests {
  struct Finding: Sendable, CustomTestStringConvertible {
    let target: FuzzTarget
    let path: String
    var testDescription: String { "\(target.rawValue)/\((path as NSString).lastPathComponent)" }
  }

  private static let directory =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Findings"

  private static let findings: [Finding] = FuzzTarget.allCases.flatMap { target in
    let folder = "\(directory)/\(target.rawValue)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().map { Finding(target: target, path: "\(folder)/\($0)") }
  }

  @Test(arguments: findings)
  func aFindingStaysMended(_ finding: Finding) throws {
    finding.target.run(Array(try Data(contentsOf: URL(fileURLWithPath: finding.path))))
  }

  /// A folder whose name no target has would never be replayed.
  @Test func everyFolderOfFindingsHasATarget() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: Self.directory) where !name.hasPrefix(".")
    {
      #expect(FuzzTarget(rawValue: name) != nil, "\(name)")
    }
  }
}
