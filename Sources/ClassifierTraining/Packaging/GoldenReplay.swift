import ModelPackage
import SequenceClassifier
import StrictJSON
import TextEncoding

/// A golden case that a classifier answers otherwise than its package says.
public enum GoldenMismatch: Error, Equatable {
  case ids(text: String, expected: [Int], found: [Int])
  case logits(text: String, expected: [Float], found: [Float], tolerance: Float)
}

extension GoldenMismatch: CustomStringConvertible {
  public var description: String {
    switch self {
    case .ids(let text, let expected, let found):
      "token ids of \(quoted(text)) are \(found), the package says \(expected): the tokenizer differs"
    case .logits(let text, let expected, let found, let tolerance):
      "logits of \(quoted(text)) are \(found), the package says \(expected) (tolerance \(tolerance))"
    }
  }

  private func quoted(_ text: String) -> String { "\(EscapedText(text, limit: 48))" }
}

extension Classifier {
  /// How far logits may be from those of another kernel set, relative to the largest of a case or 1: rounding of sums
  /// over hidden widths and texts of ordinary length stays far below.
  public static let goldenTolerance: Float = 1e-3
  /// The same for quantised weights. Where the rounding of a kernel set moves a state across the middle between two
  /// integers, the product of the next step differs by a whole step of that state: 4e-3 at most in 300 long reviews.
  public static let quantizedGoldenTolerance: Float = 2e-2

  private var goldenTolerance: Float {
    manifest.model.quantization == nil ? Classifier.goldenTolerance : Classifier.quantizedGoldenTolerance
  }

  /// The same texts with this classifier's ids and logits.
  func answering(_ cases: [GoldenCase]) -> [GoldenCase] {
    cases.map { golden in
      let (encoded, logits) = answer(golden.text)
      return GoldenCase(text: golden.text, ids: encoded.ids.map(Int.init), logits: logits)
    }
  }

  /// The golden cases of a package that this classifier, made of it, gets wrong.
  public func mismatches(of cases: [GoldenCase]) -> [GoldenMismatch] {
    cases.compactMap { golden in
      let (encoded, found) = answer(golden.text)
      let ids = encoded.ids
      guard ids.map(Int.init) == golden.ids else {
        return .ids(text: golden.text, expected: golden.ids, found: ids.map(Int.init))
      }
      let scale = golden.logits.reduce(1) { Swift.max($0, $1.magnitude) }
      let agrees =
        found.count == golden.logits.count
        && zip(found, golden.logits).allSatisfy { ($0 - $1).magnitude <= goldenTolerance * scale }
      return agrees
        ? nil
        : .logits(
          text: golden.text, expected: golden.logits, found: found,
          tolerance: goldenTolerance * scale)
    }
  }
}
