import ModelPackage
import RecurrentCells
import SequenceClassifier

/// What the package says of itself: the `[package]` table.
public struct PackageOptions: Codable, Sendable, Equatable {
  public var name: String
  public var version: String
  public var summary: String
  public var license: String
  public var languages: [String]
  public var tags: [String]
  /// How weights are stored: `f32`, or `f16` for half the size.
  public var dtype: TensorType
  public var intendedUse: String
  public var limitations: String
  /// Texts whose token ids and logits the package keeps, so that `rnnpkg verify` can replay them.
  public var checks: [String]

  /// The name of a package that was given none; `rnnpkg train` puts the output file's in its place.
  public static let unnamed = "model"

  init() {
    name = PackageOptions.unnamed
    version = "1.0.0"
    summary = ""
    license = ""
    languages = []
    tags = []
    dtype = .f32
    intendedUse = ""
    limitations = ""
    checks = [
      "", "A warm, funny film.", "It's not bad at all, but I didn't like the end!",
      "Ça va\u{a0}? CAFE\u{301} \u{1f600}",
      "one two three four five six seven eight nine ten", "zzqx <br /> 8/10 :-)",
    ]
  }

  enum CodingKeys: String, CodingKey {
    case name, version, summary, license, languages, tags, dtype
    case intendedUse = "intended-use"
    case limitations, checks
  }
}
