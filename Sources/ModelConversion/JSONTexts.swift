import StrictJSON

/// A JSON array of texts.
func jsonText(_ texts: [String]) -> String {
  String(decoding: JSONValue.array(texts.map { .string($0) }).compactBytes(), as: UTF8.self)
}
