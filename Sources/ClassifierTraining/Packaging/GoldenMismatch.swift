import SequenceClassifier
import StrictJSON

/// A golden case that a classifier answers otherwise than its package says: where the two first differ, since a text may have
/// millions of tokens.
public enum GoldenMismatch: Error, Equatable {
  /// Token ids, at a position from 0; nil where one of the lists has ended.
  case ids(text: String, position: Int, expected: Int?, found: Int?)
  case unanswered(text: String, ClassificationError)
  case logitCount(text: String, expected: Int, found: Int)
  case logit(text: String, label: String, expected: Float, found: Float, tolerance: Float)
}

extension GoldenMismatch: CustomStringConvertible {
  /// One line: what differs, beside the first 48 characters of the case's text.
  public var description: String {
    switch self {
    case .ids(let text, let position, let expected, let found):
      "token ids of \(quoted(text)) differ from number \(position + 1) on, \(item(found)) where the package says "
        + "\(item(expected)): the tokenizer differs"
    case .unanswered(let text, let error): "\(quoted(text)): \(error)"
    case .logitCount(let text, let expected, let found):
      "\(quoted(text)) has \(found) logits, the package says \(expected)"
    case .logit(let text, let label, let expected, let found, let tolerance):
      "the logit of \(EscapedText(label)) of \(quoted(text)) is \(found), the package says \(expected) (tolerance \(tolerance))"
    }
  }

  private func quoted(_ text: String) -> String { "\(EscapedText(text, limit: 48))" }

  private func item(_ id: Int?) -> String { id.map { "\($0)" } ?? "none" }
}
