import StrictJSON
import Testing

extension CommandRunner {
  /// `classify` with the small package as its model.
  static func classify() throws -> CommandRunner {
    var runner = CommandRunner("classify")
    runner.environment["RNNPKG_MODEL"] = try SmallPackage.path()
    return runner
  }
}

/// The JSON Lines of a run that ended well.
func records(_ outcome: CommandRunner.Outcome) throws -> [JSONValue] {
  #expect(outcome.status == 0, "\(outcome.message)")
  return try outcome.lines.map { try JSONValue(parsing: $0) }
}

/// The CSV of a run that ended well.
func table(_ outcome: CommandRunner.Outcome) throws -> CSVTable {
  #expect(outcome.status == 0, "\(outcome.message)")
  return try CSVTable(outcome.standardOutput)
}

/// Words as arguments.
func bytes(_ words: [String]) -> [[UInt8]] { words.map { Array($0.utf8) } }
