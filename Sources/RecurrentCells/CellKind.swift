/// The name of a cell in manifests and in the registry, for example `lstm`.
public struct CellKind: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  /// The name itself: `cell.id` of a manifest's `encoder`.
  public let rawValue: String
  /// Any name; whether there is such a cell, the registry knows.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// Any name, as with `init(rawValue:)`.
  public init(stringLiteral value: String) { rawValue = value }
  /// The name as it is.
  public var description: String { rawValue }

  /// Decodes any string.
  public init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(String.self)
  }
  /// Encodes the name as a string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
