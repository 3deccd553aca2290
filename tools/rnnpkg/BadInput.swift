/// An input file that cannot be used: exit 65.
struct BadInput: Error, CustomStringConvertible {
  let path: String
  let reason: String
  var description: String { "\(path): \(reason)" }
}
