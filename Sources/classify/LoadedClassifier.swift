import Recurrent

/// A package that is loaded and ready to answer.
struct LoadedClassifier {
  private let classifier: Classifier
  private let pool: LazyPool

  /// `name@version` of the package.
  var name: String { "\(classifier.name)@\(classifier.version)" }
  /// In the package's order.
  var labels: [String] { classifier.labels }

  init(path: String, model: ModelOptions, threads: Int?) throws(CommandFailure) {
    let keys = try model.requiredKeys()
    do {
      // Before the package: a wrong setting is told at once.
      _ = try KernelSet.selected()
      let loaded = try Classifier(contentsOfFile: path, signedBy: keys)
      let truncation = model.truncate.flatMap { Truncation(rawValue: $0.rawValue) }
      classifier =
        model.maxTokens == nil && truncation == nil
        ? loaded
        : loaded.limiting(maxTokens: model.maxTokens ?? loaded.encoder.maxTokens, truncation: truncation)
    } catch {
      throw CommandFailure(loading: path, error)
    }
    pool = LazyPool(threads: threads)
  }

  /// The answer to each record of a batch, in order.
  func answers(to batch: RecordBatch) -> [RecordAnswer] {
    let texts = batch.texts
    var predictions = predictions(for: texts)[...]
    return batch.records.map { record in
      switch record.content {
      case .failure(let fault): .fault(RecordError(fault))
      case .success:
        switch predictions.popFirst() {
        case .success(let prediction)?: .prediction(prediction)
        case .failure(let error)?: .fault(RecordError(error))
        case nil: preconditionFailure("fewer predictions than \(texts.count) texts")
        }
      }
    }
  }

  private func predictions(for texts: [String]) -> [Result<Prediction, ClassificationError>] {
    // One text is the work of one thread: a cold start for it starts no others.
    guard texts.count > 1 else { return texts.map(prediction) }
    do throws(ClassificationError) {
      return try classifier.classify(texts, pool: pool.threads()).map { .success($0) }
    } catch {
      // One text spoiled the batch; alone, the others give the same bits as in it.
      return texts.map(prediction)
    }
  }

  private func prediction(for text: String) -> Result<Prediction, ClassificationError> {
    do throws(ClassificationError) {
      return .success(try classifier.classify(text))
    } catch {
      return .failure(error)
    }
  }
}

/// Threads that start when there is work for them.
private final class LazyPool {
  private let count: Int?
  private var started: WorkerPool?

  init(threads: Int?) { count = threads }

  func threads() -> WorkerPool {
    if let started { return started }
    let pool = WorkerPool(threads: count)
    started = pool
    return pool
  }
}
