/// What a package may cost to read.
public enum PackageLimits {
  /// Bytes of the compressed file.
  public static let fileBytes = 512 << 20
  /// Bytes of all files in it together.
  public static let totalBytes = 1 << 30
  /// Files in it.
  public static let members = 16
  /// Bytes of headers and padding around the files: what a bomb without content could inflate to.
  public static let overheadBytes = 1 << 20
  /// How many bytes a byte of the compressed file may become, beyond `freeBytes`: weights come to 2 at most, vocabularies to
  /// 4, and deflate could make 1,032.
  public static let ratio = 100
  /// Bytes that any file may inflate to.
  public static let freeBytes = 16 << 20

  /// Bytes that a package file of `count` bytes may hold.
  static func bytesInside(_ count: Int) -> Int { freeBytes + ratio * count }

  /// Cases in `checks.jsonl`.
  public static let goldenCases = 10_000
  /// Bytes of one line of `checks.jsonl`.
  public static let goldenCaseBytes = 4 << 20
}
