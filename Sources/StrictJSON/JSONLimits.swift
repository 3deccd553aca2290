/// What a JSON document may cost to read.
public struct JSONLimits: Sendable, Equatable {
  /// How deeply arrays and objects may nest. `[[]]` has depth 2.
  public var depth: Int { didSet { depth = min(depth, Self.greatestDepth) } }
  /// The longest document, in bytes.
  public var bytes: Int

  /// Depth of documents that name no other limit.
  public static let standardDepth = 32
  /// Size of documents that name no other limit: 64 MiB.
  public static let standardBytes = 64 << 20
  /// No document may ask for more depth than this: reading recurses once a level.
  public static let greatestDepth = 256
  /// Characters of one number. The exact value of any `Double` needs fewer than 1,100.
  public static let numberBytes = 1_100

  /// `standardDepth` and `standardBytes`.
  public static let standard = JSONLimits()

  /// Limits, each the standard one unless given.
  /// - Parameter depth: cut down to `greatestDepth`; with 0 a document holds neither array nor object.
  public init(depth: Int = standardDepth, bytes: Int = standardBytes) {
    self.depth = min(depth, Self.greatestDepth)
    self.bytes = bytes
  }
}
