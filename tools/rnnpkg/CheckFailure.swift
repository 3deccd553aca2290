/// A check that failed: exit 1.
struct CheckFailure: Error, CustomStringConvertible {
  let description: String
}
