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

extension ClassifierLoadError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .engineUnderstated(let stated, let needed):
      "engine.min is \(escaped(stated)), but what the package describes needs engine \(needed)"
    case .unknownCell(let name, let known):
      "the package needs the cell \"\(escaped(name))\"; this program has \(known.joined(separator: ", "))"
    case .cellVersion(let name, let version, let newest):
      "the package needs version \(version) of the cell \"\(escaped(name))\"; this program has up to \(newest)"
    case .unknownReadout(let name, let known):
      "the package needs the readout \"\(escaped(name))\"; this program has \(known.joined(separator: ", "))"
    case .unknownTokenizer(let name, let known):
      "the package needs the tokenizer \"\(escaped(name))\"; this program has \(known.joined(separator: ", "))"
    case .tokenizerVersion(let version, let newest):
      "the package needs version \(version) of the tokenizer's rules; this program knows up to \(newest)"
    case .unsupported(let field, let value, let known):
      "\(field) is \"\(escaped(value))\"; this program has \(known.joined(separator: ", "))"
    case .disagreement(let field, let stated, let found):
      "\(field) is \"\(escaped(stated))\", but it is \"\(escaped(found))\" that belongs to the model"
    case .cellConfiguration(let reason): "model.encoder.cell.config: \(reason)"
    case .layers(let found): "model.encoder.layers is \(found); a network has one at least"
    case .vocabulary(let error): "vocabulary.txt: \(error)"
    case .vocabularySize(let manifest, let file):
      "the manifest says \(manifest) tokens, vocabulary.txt has \(file)"
    case .missingParameter(let name): "weights.safetensors: tensor \(escaped(name)) is missing"
    case .unexpectedParameter(let name):
      "weights.safetensors: tensor \(escaped(name)) belongs to no part of the model"
    case .shapeMismatch(let parameter, let expected, let found):
      "weights.safetensors: tensor \(escaped(parameter)) has shape \(found), expected \(expected)"
    case .partner(let error): "weights.safetensors: \(error)"
    case .quantizedWidth(let parameter, let found, let limit):
      "weights.safetensors: tensor \(escaped(parameter)) has \(found) columns; products of int8 take up to \(limit)"
    }
  }

  /// Text from a file, cut short, with everything but printable ASCII as `\u{…}`.
  private func escaped(_ text: String) -> String {
    text.unicodeScalars.prefix(64).map { $0.escaped(asASCII: true) }.joined()
  }
}
