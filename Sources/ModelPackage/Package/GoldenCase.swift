import StrictJSON

/// A text with the token ids and logits the model gave when it was packed: a line of `checks.jsonl`.
public struct GoldenCase: Sendable, Equatable, Codable {
  /// The text as a user would give it.
  public var text: String
  /// Its token ids, one or more, each below `tokenizer.size`; those that `maxTokens` cuts off are left out.
  public var ids: [Int]
  /// The logits before temperature and softmax, as many as labels; with a partner those of both together.
  public var logits: [Float]

  /// Checks nothing: a package refuses cases that do not fit its manifest.
  public init(text: String, ids: [Int], logits: [Float]) {
    self.text = text
    self.ids = ids
    self.logits = logits
  }
}

extension GoldenCase {
  /// Reads `checks.jsonl`: one case a line.
  package static func parse(_ bytes: [UInt8]) throws(PackageError) -> [GoldenCase] {
    var cases: [GoldenCase] = []
    var start = 0
    var line = 0
    while start < bytes.count {
      line += 1
      let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
      guard line <= PackageLimits.goldenCases else {
        throw .goldenCase(line: line, reason: "too many cases (limit \(PackageLimits.goldenCases))")
      }
      cases.append(try decode(bytes[start..<end], line: line))
      start = end + 1
    }
    return cases
  }

  private static func decode(_ bytes: ArraySlice<UInt8>, line: Int) throws(PackageError) -> GoldenCase {
    let limits = JSONLimits(depth: 2, bytes: PackageLimits.goldenCaseBytes)
    do {
      return try JSONValueDecoder().decode(
        GoldenCase.self, from: try JSONValue(parsing: bytes, limits: limits))
    } catch let error as JSONError {
      // Its line is always 1: a case has one.
      throw .goldenCase(line: line, reason: "column \(error.column): \(error.reason)")
    } catch {
      throw .goldenCase(line: line, reason: "\(error)")
    }
  }

  /// The case fits the model: ids are of its vocabulary, and there is a logit for each label.
  func check(line: Int, _ manifest: Manifest) throws(PackageError) {
    guard !ids.isEmpty else { throw .goldenCase(line: line, reason: "ids: expected one or more") }
    if let id = ids.first(where: { !(0..<manifest.tokenizer.size).contains($0) }) {
      throw .goldenCase(
        line: line, reason: "ids: \(id) is not in the vocabulary, which has \(manifest.tokenizer.size) tokens"
      )
    }
    guard logits.count == manifest.task.labels.count else {
      throw .goldenCase(
        line: line, reason: "\(logits.count) logits for \(manifest.task.labels.count) labels")
    }
  }

  /// The bytes of `checks.jsonl`. The same cases give the same bytes.
  package static func bytes(of cases: [GoldenCase]) throws(PackageError) -> [UInt8] {
    guard cases.count <= PackageLimits.goldenCases else {
      throw .goldenCase(line: cases.count, reason: "too many cases (limit \(PackageLimits.goldenCases))")
    }
    var bytes: [UInt8] = []
    for (index, golden) in cases.enumerated() {
      let line: [UInt8]
      do {
        line = try JSONValueEncoder().encode(golden).compactBytes()
      } catch {
        throw .goldenCase(line: index + 1, reason: "\(error)")
      }
      guard line.count <= PackageLimits.goldenCaseBytes else {
        throw .goldenCase(
          line: index + 1,
          reason: "\(line.count) bytes of JSON (limit \(PackageLimits.goldenCaseBytes))")
      }
      bytes += line
      bytes.append(0x0a)
    }
    return bytes
  }
}
