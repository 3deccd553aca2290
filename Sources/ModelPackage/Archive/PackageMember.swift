/// A file of a package. The order of the cases is their order in the archive, so that the head answers `show`.
public enum PackageMember: String, CaseIterable, Sendable, Comparable {
  case manifest = "manifest.json"
  case signature = "manifest.sig"
  case card = "README.md"
  case license = "LICENSE"
  case vocabulary = "vocabulary.txt"
  case tokenizer = "tokenizer.json"
  case checks = "checks.jsonl"
  case suites = "suites.json"
  case weights = "weights.safetensors"

  /// Place in the archive.
  var position: Int {
    switch self {
    case .manifest: 0
    case .signature: 1
    case .card: 2
    case .license: 3
    case .vocabulary: 4
    case .tokenizer: 5
    case .checks: 6
    case .suites: 7
    case .weights: 8
    }
  }

  /// Whether the one comes before the other in the archive.
  public static func < (lhs: PackageMember, rhs: PackageMember) -> Bool { lhs.position < rhs.position }

  /// The most bytes this file may have.
  public var sizeLimit: Int {
    switch self {
    case .manifest: Manifest.Limits.bytes
    case .signature: 4 << 10
    case .card, .license: 1 << 20
    case .vocabulary, .tokenizer, .checks: 64 << 20
    case .suites: 16 << 20
    case .weights: 512 << 20
    }
  }

  /// Whether the manifest's table has its digest: all but the manifest and its signature.
  public var isListed: Bool { self != .manifest && self != .signature }
}
