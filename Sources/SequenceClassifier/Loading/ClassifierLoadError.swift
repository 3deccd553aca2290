import ModelPackage
import RecurrentCells
import RecurrentNumerics
import TextEncoding

/// Why a classifier cannot be built from a package that is itself well formed.
public enum ClassifierLoadError: Error, Equatable {
  /// Older engines, which the package claims to suit, would answer in another way.
  case engineUnderstated(stated: String, needed: String)
  case unknownCell(String, known: [String])
  case cellVersion(String, version: Int, newest: Int)
  case unknownReadout(String, known: [String])
  case unknownTokenizer(String, known: [String])
  case tokenizerVersion(Int, newest: Int)
  case unsupported(field: String, value: String, known: [String])
  /// What the manifest says is not how this engine's own part is.
  case disagreement(field: String, stated: String, found: String)
  case cellConfiguration(String)
  case layers(found: Int)
  case vocabulary(VocabularyError)
  case vocabularySize(manifest: Int, file: Int)
  case missingParameter(String)
  case unexpectedParameter(String)
  case shapeMismatch(parameter: String, expected: [Int], found: [Int])
  /// Rows longer than products of 8-bit integers can be.
  case quantizedWidth(parameter: String, found: Int, limit: Int)
  case partner(NgramPartnerError)

  /// Whether another build of the engine, or a registered cell, could load the package: exit code 78 instead of 76.
  public var needsAnotherEngine: Bool {
    switch self {
    case .unknownCell, .cellVersion, .unknownReadout, .unknownTokenizer, .tokenizerVersion,
      .unsupported, .quantizedWidth:
      true
    case .engineUnderstated, .disagreement, .cellConfiguration, .layers, .vocabulary, .vocabularySize,
      .missingParameter, .unexpectedParameter, .shapeMismatch, .partner:
      false
    }
  }
}
