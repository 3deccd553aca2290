import ModelPackage
import SequenceClassifier
import TextEncoding

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

  /// Texts with this classifier's ids and logits.
  package func goldenCases(for texts: [String]) throws(ClassificationError) -> [GoldenCase] {
    var cases: [GoldenCase] = []
    for text in texts {
      let (encoded, logits) = try answer(text)
      cases.append(GoldenCase(text: text, ids: encoded.ids.map(Int.init), logits: logits))
    }
    return cases
  }

  /// The golden cases of a package that this classifier, made of it, gets wrong.
  public func mismatches(of cases: [GoldenCase]) -> [GoldenMismatch] {
    cases.compactMap { golden in
      do throws(ClassificationError) {
        let (encoded, logits) = try answer(golden.text)
        return difference(of: encoded.ids, from: golden) ?? difference(of: logits, from: golden)
      } catch {
        return .unanswered(text: golden.text, error)
      }
    }
  }

  private func difference(of ids: [Int32], from golden: GoldenCase) -> GoldenMismatch? {
    let found = ids.map(Int.init)
    guard found != golden.ids else { return nil }
    let position = zip(found, golden.ids).prefix { $0 == $1 }.count
    func item(_ ids: [Int]) -> Int? { position < ids.count ? ids[position] : nil }
    return .ids(text: golden.text, position: position, expected: item(golden.ids), found: item(found))
  }

  private func difference(of logits: [Float], from golden: GoldenCase) -> GoldenMismatch? {
    guard logits.count == golden.logits.count else {
      return .logitCount(text: golden.text, expected: golden.logits.count, found: logits.count)
    }
    let tolerance = goldenTolerance * golden.logits.reduce(1) { Swift.max($0, $1.magnitude) }
    func isWithin(_ index: Int) -> Bool { (logits[index] - golden.logits[index]).magnitude <= tolerance }
    // A sum that is no number is within nothing.
    guard let index = golden.logits.indices.first(where: { !isWithin($0) }) else { return nil }
    return .logit(
      text: golden.text, label: labels[index], expected: golden.logits[index], found: logits[index],
      tolerance: tolerance)
  }
}
