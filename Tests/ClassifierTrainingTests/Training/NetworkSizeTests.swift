import ClassifierTraining
import RecurrentNumerics
import TestSupport
import Testing

/// Networks that nothing can hold are refused before memory is taken for them.
@Suite struct NetworkSizeTests {
  private let directory = TemporaryDirectory()
  private let pool = WorkerPool(threads: 1)

  @Test func aClassifierLargerThanAPackageIsRefused() throws {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", SmallReviews.table)]
    configuration.model.hidden = 65_536
    let error = #expect(throws: TrainingError.self) {
      _ = try TrainingRun(configuration, pool: pool, kernels: .best)
    }
    guard case .tooLarge(let bytes, let limit, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // Two directions of four gates, h·h numbers each, and more.
    #expect(bytes > 2 * 4 * 4 * 65_536 * 65_536 && limit == 512 << 20)
    let message = "\(try #require(error))"
    for part in ["\(bytes)", "\(limit)", "--hidden", "--vocabulary-size"] {
      #expect(message.contains(part), "\(message)")
    }
  }

  @Test func aLanguageModelLargerThanItsCheckpointIsRefused() throws {
    let lines = (0..<40).map { _ in "warm and dull and warm\n" }.joined()
    var configuration = PretrainingConfiguration()
    configuration.data.texts = [try directory.file("texts.txt", lines)]
    configuration.data.valid = 0.1
    configuration.model.hidden = 65_536
    let error = #expect(throws: TrainingError.self) {
      _ = try PretrainingRun(configuration, pool: pool, kernels: .best)
    }
    guard case .tooLarge = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func tooFewTextsToPretrainOnAreNotToldOfLabels() throws {
    var configuration = PretrainingConfiguration()
    configuration.data.texts = [try directory.file("texts.txt", "warm and dull\ndull and warm\n")]
    configuration.text.minCount = 1
    let error = DataError.uselessTextShare(0.01, count: 2)
    #expect(throws: error) { _ = try PretrainingRun(configuration, pool: pool, kernels: .best) }
    let message = "\(error)"
    #expect(message.contains("--valid share") && !message.contains("label") && !message.contains("file"))
  }
}
