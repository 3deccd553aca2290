import StrictJSON

/// The settings in which two runs differ, in the order of their names' bytes.
///
/// What a file says of its run may be mebibytes of names: each is looked at once, and text is made of the first few only.
struct RunDifferences {
  /// The first ones, as `name: expected, found`.
  private(set) var told: [String] = []
  /// How many there are.
  private(set) var count = 0

  /// Differences that are told.
  static let toldLimit = 12

  init(_ expected: JSONValue, _ found: JSONValue) { compare(expected, found, path: []) }

  private mutating func compare(_ expected: JSONValue, _ found: JSONValue, path: [String]) {
    if case .object(let expected) = expected, case .object(let found) = found {
      // Looked up, not searched for: the time is then linear in the number of keys.
      let keys = expected.keys + found.keys.filter { expected[$0] == nil }
      for key in keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        compare(expected[key] ?? .null, found[key] ?? .null, path: path + [key])
      }
      return
    }
    guard expected != found else { return }
    count += 1
    guard told.count < Self.toldLimit else { return }
    told.append(
      "\(path.joined(separator: ".")): \(Checkpoint.text(expected)) now, \(Checkpoint.text(found)) then")
  }
}
