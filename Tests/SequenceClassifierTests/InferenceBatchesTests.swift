import SequenceClassifier
import Testing

/// Batches for inference: every text once, longest first.
@Suite struct InferenceBatchesTests {
  @Test(arguments: [0, 1, 11, 12, 13, 250])
  func everyTextIsInOneBatch(_ count: Int) {
    let lengths = (0..<count).map { $0 * 37 % 91 }
    let plan = InferenceBatches.plan(lengths: lengths, tokenLimit: .max)
    #expect(plan.joined().sorted() == Array(0..<count))
    #expect(plan.allSatisfy { (1...12).contains($0.count) })
    let order = plan.joined().map { lengths[$0] }
    #expect(order == order.sorted(by: >))
  }

  /// A text that fills a batch has one of its own.
  @Test func noBatchOfSeveralTextsHasMoreTokensThanATextMay() {
    let lengths = [3, 10, 4, 3, 2, 6, 0, 10]
    let plan = InferenceBatches.plan(lengths: lengths, tokenLimit: 10)
    #expect(plan == [[1], [7], [5, 2], [0, 3, 4, 6]])
  }
}
