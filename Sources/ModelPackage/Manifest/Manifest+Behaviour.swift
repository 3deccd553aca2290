extension Manifest {
  /// How often the finished model failed the cases of one behaviour suite.
  public struct Behaviour: Sendable, Equatable, Codable {
    /// The suite's file name without its ending.
    public var name: String
    /// Cases in the suite, from 1 to 2³⁰.
    public var cases: Int
    /// Of them, those that failed.
    public var failures: Int
    /// SHA-256 of the suite's file, 64 lower-case hexadecimal digits.
    public var sha256: String

    /// Checks nothing: `Manifest.validate()` does, and refuses a second row of the same name.
    public init(name: String, cases: Int, failures: Int, sha256: String) {
      self.name = name
      self.cases = cases
      self.failures = failures
      self.sha256 = sha256
    }
  }

  func validateBehaviour() throws(ManifestError) {
    let rows = behaviour ?? []
    guard rows.count <= Limits.behaviourRows else {
      throw .count(path: "behaviour", found: rows.count, limit: Limits.behaviourRows)
    }
    var seen: Set<[UInt8]> = []
    for (index, row) in rows.enumerated() {
      let path = "behaviour[\(index)]"
      try Self.checkWord(row.name, "\(path).name")
      guard seen.insert(Array(row.name.utf8)).inserted else {
        throw .text(path: "\(path).name", found: row.name, rule: "each suite is recorded once")
      }
      try Self.check(row.cases, "\(path).cases", 1...Limits.behaviourCases)
      try Self.check(row.failures, "\(path).failures", 0...row.cases)
      try Self.checkDigest(row.sha256, "\(path).sha256")
    }
  }
}
