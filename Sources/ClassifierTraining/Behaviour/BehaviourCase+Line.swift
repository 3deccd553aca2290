import StrictJSON

/// The keys of a line; which of them belong together `BehaviourCase.init(parsing:line:)` checks.
private struct BehaviourLine: Codable {
  var text: String
  var label: String?
  var variant: String?
  var variants: [String]?
  var direction: String?
  var tolerance: Double?
}

extension BehaviourCase {
  /// Bytes of a line.
  static let lineLimit = 1 << 20
  static let variantLimit = 64

  /// Reads a line, one of
  ///
  ///     {"text": …, "label": …}
  ///     {"text": …, "variant": …}   or   {"text": …, "variants": […]}
  ///     {"text": …, "variant": …, "direction": "LABEL-up" or "LABEL-down", "tolerance": 0.1}
  init(parsing bytes: ArraySlice<UInt8>, line: Int) throws(BehaviourSuiteError.Fault) {
    let keys: BehaviourLine
    do {
      let value = try JSONValue(parsing: bytes, limits: JSONLimits(depth: 2, bytes: Self.lineLimit))
      keys = try JSONValueDecoder().decode(BehaviourLine.self, from: value)
    } catch let error as JSONError {
      // Its line is always 1: a case has one.
      throw .json(column: error.column, error.reason)
    } catch let error as JSONDecodingError {
      throw .decoding(error)
    } catch {
      throw .noExpectation
    }
    text = keys.text
    self.line = line
    expectation = try Self.expectation(keys)
    for text in texts where text.allSatisfy(\.isWhitespace) { throw .emptyText }
    // Told apart by bytes: another normal form of a text is a variant like any other.
    if texts.dropFirst().contains(where: { $0.utf8.elementsEqual(text.utf8) }) { throw .variantEqualsText }
  }

  private static func expectation(_ keys: BehaviourLine) throws(BehaviourSuiteError.Fault) -> Expectation {
    let variants = keys.variants ?? keys.variant.map { [$0] }
    switch (keys.label, variants, keys.direction) {
    case (_?, _?, _), (_?, _, _?): throw .severalExpectations
    case (nil, nil, _): throw .noExpectation
    case (let label?, nil, nil):
      guard keys.tolerance == nil else { throw .toleranceWithoutDirection }
      return .label(label)
    case (nil, let variants?, let direction):
      guard keys.variant == nil || keys.variants == nil else { throw .severalExpectations }
      guard (1...variantLimit).contains(variants.count) else {
        throw .variantCount(variants.count, limit: variantLimit)
      }
      guard let direction else {
        guard keys.tolerance == nil else { throw .toleranceWithoutDirection }
        return .sameLabel(variants: variants)
      }
      guard variants.count == 1 else { throw .variantCount(variants.count, limit: 1) }
      return try moves(to: variants[0], direction, tolerance: keys.tolerance ?? standardTolerance)
    }
  }

  private static func moves(
    to variant: String, _ text: String, tolerance: Double
  ) throws(BehaviourSuiteError.Fault) -> Expectation {
    // The last hyphen: labels may hold others.
    guard let hyphen = text.lastIndex(of: "-"), hyphen > text.startIndex,
      let direction = Direction(rawValue: String(text[text.index(after: hyphen)...]))
    else { throw .direction(text) }
    guard (0..<1).contains(tolerance) else { throw .tolerance(tolerance) }
    return .moves(
      variant: variant, label: String(text[..<hyphen]), direction: direction, tolerance: tolerance)
  }
}
