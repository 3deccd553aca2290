/// The name of a readout in manifests and in the registry, for example `concat`.
public struct ReadoutKind: RawRepresentable, Hashable, Sendable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  /// The name itself: `readout.type` in a manifest.
  public let rawValue: String
  /// Any name; whether there is such a readout, the registry knows.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// Any name, as with `init(rawValue:)`.
  public init(stringLiteral value: String) { rawValue = value }
  /// The name as it is.
  public var description: String { rawValue }
}
