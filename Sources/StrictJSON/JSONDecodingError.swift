/// Why a JSON document does not describe the value asked for; `path` names the place, as `model.encoder.layers`.
public enum JSONDecodingError: Error, Equatable, Sendable {
  case typeMismatch(path: String, expected: String, found: String)
  case missingKey(path: String, key: String)
  case unknownKey(path: String, key: String)
  case numberOutOfRange(path: String, expected: String, found: String)
  /// A string that is none of the words allowed here.
  case unknownChoice(path: String, found: String, known: [String])
  /// A rule of the decoded type itself does not hold.
  case invalidValue(path: String, reason: String)
}

/// Why a value has no JSON form.
public enum JSONEncodingError: Error, Equatable, Sendable {
  case nonFiniteNumber(path: String, value: String)
  case integerOutOfRange(path: String, value: String)
  case invalidValue(path: String, reason: String)
}
