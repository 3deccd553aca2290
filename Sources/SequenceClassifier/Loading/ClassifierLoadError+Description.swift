import ModelPackage
import StrictJSON
import TextEncoding

extension ClassifierLoadError: CustomStringConvertible {
  /// One line: what the package needs and this program has, or what does not fit; without the package's path.
  public var description: String {
    switch self {
    case .engineUnderstated(let stated, let needed):
      "engine.min is \(EscapedText(stated)), but what the package describes needs engine \(needed)"
    case .unknownCell(let name, let known):
      "the package needs the cell \(EscapedText(name)); this program has \(known.joined(separator: ", "))"
    case .cellVersion(let name, let version, let newest):
      "the package needs version \(version) of the cell \(EscapedText(name)); this program has up to \(newest)"
    case .unknownReadout(let name, let known):
      "the package needs the readout \(EscapedText(name)); this program has \(known.joined(separator: ", "))"
    case .unknownTokenizer(let name, let known):
      "the package needs the tokenizer \(EscapedText(name)); this program has \(known.joined(separator: ", "))"
    case .tokenizerVersion(let version, let newest):
      "the package needs version \(version) of the tokenizer's rules; this program knows up to \(newest)"
    case .unsupported(let field, let value, let known):
      "\(field) is \(EscapedText(value)); this program has \(known.joined(separator: ", "))"
    case .disagreement(let field, let stated, let found):
      "\(field) is \(EscapedText(stated)), but it is \(EscapedText(found)) that belongs to the model"
    case .cellConfiguration(let reason): "model.encoder.cell.config: \(reason)"
    case .layers(let found): "model.encoder.layers is \(found); a network has one at least"
    case .vocabulary(let error): "vocabulary.txt: \(error)"
    case .vocabularySize(let manifest, let file):
      "the manifest says \(manifest) tokens, vocabulary.txt has \(file)"
    case .missingParameter(let name): "weights.safetensors: tensor \(EscapedText(name)) is missing"
    case .unexpectedParameter(let name):
      "weights.safetensors: tensor \(EscapedText(name)) belongs to no part of the model"
    case .shapeMismatch(let parameter, let expected, let found):
      "weights.safetensors: tensor \(EscapedText(parameter)) has shape \(found), expected \(expected)"
    case .partner(let error): "weights.safetensors: \(error)"
    case .quantizedWidth(let parameter, let found, let limit):
      "weights.safetensors: tensor \(EscapedText(parameter)) has \(found) columns; products of int8 take up to \(limit)"
    }
  }
}
