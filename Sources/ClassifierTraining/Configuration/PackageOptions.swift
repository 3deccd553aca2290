import ModelPackage
import RecurrentCells
import SequenceClassifier
import StrictJSON

/// What the package says of itself: the `[package]` table.
public struct PackageOptions: Codable, Sendable, Equatable {
  /// A word for file names; `unnamed` until something names it.
  public var name: String
  /// A word for file names, such as `1.0.0`.
  public var version: String
  /// One line on what it does; empty for none.
  public var summary: String
  /// An SPDX expression; empty for none.
  public var license: String
  /// Of the texts, as BCP 47 tags.
  public var languages: [String]
  /// Words to find it by.
  public var tags: [String]
  /// How weights are stored: `f32`, or `f16` for half the size.
  public var dtype: TensorType
  /// What it is for; empty for nothing said.
  public var intendedUse: String
  /// What it is not for, and where it errs; empty for nothing said.
  public var limitations: String
  /// Texts whose token ids and logits the package keeps, so that `rnnpkg verify` can replay them; one or more.
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

extension PackageOptions {
  /// Refuses values that no package can have.
  func validate() throws(OptionError) {
    let require = OptionChecks(table: "package")
    try checkFileWords()
    try require(
      license.isEmpty || LicenseExpression(license) != nil, "license", "\(EscapedText(license))",
      LicenseExpression.expectation)
    try require(
      dtype == .f32 || dtype == .f16, "dtype", "\"\(dtype.rawValue)\"",
      "\"f32\" or \"f16\"; make integers of a package with rnnpkg quantize")
    // Nothing would show that the package answers as it did, and `rnnpkg verify` would refuse it.
    try require(
      !checks.isEmpty, "checks", checks, "a list of one text or more, or left out for the standard ones")
  }

  /// Refuses a name or a version that manifests refuse.
  private func checkFileWords() throws(OptionError) {
    // The smallest manifest: whatever it is refused for is one of the two.
    let manifest = Manifest(
      name: name, version: version, task: .init(type: .classification, labels: ["label"]),
      engine: .init(min: EngineVersion.oldestReader), tokenizer: .init(type: "word", size: 1),
      model: .init(
        embedding: .init(dim: 1), encoder: .init(cell: .init(id: "lstm", config: ["hidden": 1])),
        readout: .init(type: "last"), output: .init(activation: "softmax")))
    do throws(ManifestError) {
      try manifest.validate()
    } catch .text(let path, let found, let rule) {
      throw OptionError(
        option: "package.\(path)", value: "\(EscapedText(found))", allowed: "a word for file names: \(rule)")
    } catch {
      preconditionFailure("the smallest manifest is refused: \(error)")
    }
  }
}
