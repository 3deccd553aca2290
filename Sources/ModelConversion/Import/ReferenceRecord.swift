import ModelPackage
import StrictJSON

/// What the source of a conversion answered: `{"text": …, "tokens": […], "logits": […]}`, with text or tokens or both.
public struct ReferenceRecord: Sendable, Equatable {
  /// Its line in the file, counted from 1.
  public var line: Int
  /// What the source was asked; `nil` where `tokens` alone are given.
  public var text: String?
  /// Ids of the source.
  public var tokens: [Int]?
  /// Before temperature and softmax, in the order of the labels.
  public var logits: [Float]

  /// A record as given; `parse` checks those of a file.
  public init(line: Int, text: String? = nil, tokens: [Int]? = nil, logits: [Float]) {
    self.line = line
    self.text = text
    self.tokens = tokens
    self.logits = logits
  }

  private struct Fields: Decodable {
    var text: String?
    var tokens: [Int]?
    var logits: [Double]
  }

  /// Most bytes of a file of records.
  public static let byteLimit = 64 << 20

  /// Reads records, one a line; blank lines are skipped.
  public static func parse(_ bytes: [UInt8]) throws(ReferenceError) -> [ReferenceRecord] {
    var records: [ReferenceRecord] = []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let blank: Set<UInt8> = [0x20, 0x09, 0x0d]
    for (index, line) in lines.enumerated() where !line.allSatisfy(blank.contains) {
      guard records.count < PackageLimits.goldenCases else {
        throw .tooMany(limit: PackageLimits.goldenCases)
      }
      records.append(try parse(line, line: index + 1))
    }
    guard !records.isEmpty else { throw .empty }
    return records
  }

  private static func parse(
    _ bytes: ArraySlice<UInt8>, line: Int
  ) throws(ReferenceError) -> ReferenceRecord {
    let fields: Fields
    do {
      fields = try JSONValueDecoder().decode(
        Fields.self,
        from: try JSONValue(
          parsing: bytes, limits: JSONLimits(depth: 2, bytes: PackageLimits.goldenCaseBytes)))
    } catch let error as JSONError {
      throw .record(line: line, reason: "column \(error.column): \(error.reason)")
    } catch {
      throw .record(line: line, reason: "\(error)")
    }
    guard fields.text != nil || fields.tokens != nil else {
      throw .record(line: line, reason: "it has neither text nor tokens")
    }
    guard fields.tokens != [] else { throw .record(line: line, reason: "tokens is empty") }
    let logits = fields.logits.map { Float($0) }
    if let index = logits.firstIndex(where: { !$0.isFinite }) {
      throw .record(
        line: line, reason: "logits[\(index)] is \(fields.logits[index]), more than a 32-bit number can be")
    }
    return ReferenceRecord(line: line, text: fields.text, tokens: fields.tokens, logits: logits)
  }
}
