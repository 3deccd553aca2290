import SequenceClassifier
import StrictJSON

/// Why answers of a source cannot be compared with.
public enum ReferenceError: Error, Equatable, Sendable {
  case empty
  case tooMany(limit: Int)
  case record(line: Int, reason: String)
  case logitCount(line: Int, expected: Int, found: Int)
  case token(line: Int, found: Int, tokens: Int)
  case unanswered(line: Int, ClassificationError)
}

extension ReferenceError: CustomStringConvertible {
  /// One line: what is wrong and in which line, without the file's name.
  public var description: String {
    switch self {
    case .empty: "it holds no records"
    case .tooMany(let limit): "more than \(limit) records"
    case .record(let line, let reason): "line \(line): \(EscapedText.unquoted(reason))"
    case .logitCount(let line, let expected, let found):
      "line \(line): \(found) logits, expected \(expected), one for each label"
    case .token(let line, let found, let tokens):
      "line \(line): token \(found); the vocabulary has ids from 0 to \(tokens - 1)"
    case .unanswered(let line, let error): "line \(line): \(error)"
    }
  }
}
