/// An output at a place where it would do harm: exit 73.
struct RefusedOutput: Error, CustomStringConvertible {
  let path: String
  let reason: String
  var description: String { "\(path): \(reason)" }
}
