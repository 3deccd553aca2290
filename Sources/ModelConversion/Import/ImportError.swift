import ModelPackage
import StrictJSON
import TextEncoding

/// Why a state dict and its description make no package.
public enum ImportError: Error, Equatable, Sendable {
  /// A choice that changes what is computed and that weights do not tell.
  case unnamed(option: String, known: [String])
  case choice(option: String, found: String, known: [String])
  case layers(Int, limit: Int)
  /// An option of another cell.
  case inapplicable(option: String, cell: String)
  case cellConfiguration(String)
  /// No SPDX expression.
  case license(String)
  case weights(file: String, TensorFileError)
  /// What a file that `rnnpkg export` wrote says of itself is not what the description says.
  case contradiction(file: String, key: String, described: String, found: String)
  case tensors(file: String, missing: [String], unexpected: [String])
  case shape(file: String, tensor: String, expected: [Int], found: [Int])
  /// No tensor's name begins so.
  case unusedName(String)
  /// One tensor of the source for two of the package.
  case sharedTensor(String)
  case vocabulary(file: String, VocabularyError)
  case specialID(name: String, found: Int, tokens: Int)
  case sharedSpecial(names: [String], id: Int)
  /// A line that is a special token and that no id of the description means.
  case undeclaredSpecial(file: String, token: String, line: Int, name: String)
  case manifest(ManifestError)
}

extension ImportError: CustomStringConvertible {
  /// One line: the option or file at fault and what is wrong with it, without the description's own name.
  public var description: String {
    switch self {
    case .unnamed(let option, let known):
      "\(option) must be named, weights do not tell it: \(known.map { "\"\($0)\"" }.joined(separator: " or "))"
    case .choice(let option, let found, let known):
      "\(option) is \(EscapedText(found)); it must be one of \(known.joined(separator: ", "))"
    case .layers(let found, let limit): "model.layers is \(found); it must be from 1 to \(limit)"
    case .inapplicable(let option, let cell): "\(option) is no setting of the cell \(cell); remove it"
    case .cellConfiguration(let reason): "model: \(reason)"
    case .license(let found):
      "package.license is \(EscapedText(found)); it must be \(LicenseExpression.expectation)"
    case .weights(let file, let error): "\(EscapedText.unquoted(file)): \(error)"
    case .contradiction(let file, let key, let described, let found):
      "\(EscapedText.unquoted(file)) says that its \(key) is \(EscapedText(found)), the description says "
        + "\(EscapedText(described))"
    case .tensors(let file, let missing, let unexpected):
      "\(EscapedText.unquoted(file)): "
        + [listed("missing", missing), listed("unexpected", unexpected)].compactMap { $0 }
        .joined(separator: "; ") + "; [names] says what the source calls them"
    case .shape(let file, let tensor, let expected, let found):
      "\(EscapedText.unquoted(file)): tensor \(EscapedText(tensor)) has shape \(found), expected \(expected)"
    case .unusedName(let name): "names: no tensor's name begins with \(EscapedText(name))"
    case .sharedTensor(let name): "names: two tensors would be \(EscapedText(name))"
    case .vocabulary(let file, let error): "\(EscapedText.unquoted(file)): \(error)"
    case .specialID(let name, let found, let tokens):
      "specials.\(name) is \(found); the vocabulary has ids from 0 to \(tokens - 1)"
    case .sharedSpecial(let names, let id):
      "\(names.map { "specials.\($0)" }.joined(separator: " and ")) are both \(id)"
    case .undeclaredSpecial(let file, let token, let line, let name):
      "\(EscapedText.unquoted(file)): line \(line) is the special token \(token); say specials.\(name) = \(line - 1)"
    case .manifest(let error): "\(error)"
    }
  }

  /// A dozen names at most.
  private func listed(_ what: String, _ names: [String]) -> String? {
    guard !names.isEmpty else { return nil }
    let shown = names.prefix(12).map { "\(EscapedText($0))" }.joined(separator: ", ")
    return "\(what) \(shown)" + (names.count > 12 ? " and \(names.count - 12) more" : "")
  }
}
