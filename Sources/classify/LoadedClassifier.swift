import Recurrent

/// A package that is loaded and ready to answer.
struct LoadedClassifier {
  private let classifier: Classifier
  private let pool: LazyPool
  /// Whether a text beyond the limit on tokens gets an error rather than the answer to a part of it.
  private let refusesLongTexts: Bool
  /// The best score below which there is no answer; `nil` where every score is one.
  private let abstainBelow: Float?

  /// `name@version` of the package.
  var name: String { "\(classifier.name)@\(classifier.version)" }
  /// In the package's order.
  var labels: [String] { classifier.labels }

  /// - Parameter abstainBelow: `nil` for the package's.
  init(path: String, model: ModelOptions, abstainBelow: Float?, threads: Int?) throws(CommandFailure) {
    let keys = try model.requiredKeys()
    do {
      // Before the package: a wrong setting is told at once.
      _ = try KernelSet.selected()
      let loaded = try Classifier(contentsOfFile: path, signedBy: keys)
      let truncation = model.truncate?.truncation
      classifier =
        model.maxTokens == nil && truncation == nil
        ? loaded
        : loaded.limiting(maxTokens: model.maxTokens ?? loaded.encoder.maxTokens, truncation: truncation)
      self.abstainBelow = abstainBelow ?? loaded.manifest.model.output.abstainBelow.map { Float($0) }
    } catch {
      throw CommandFailure(loading: path, error)
    }
    pool = LazyPool(threads: threads)
    refusesLongTexts = model.truncate == .error
    if refusesLongTexts, classifier.encoder.maxTokens == nil {
      throw CommandFailure(
        .usage, "--truncate error: neither --max-tokens nor the package sets a limit; add --max-tokens")
    }
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
        case .success(let prediction)?: answer(prediction)
        case .failure(let error)?: .fault(RecordError(error))
        case nil: preconditionFailure("fewer predictions than \(texts.count) texts")
        }
      }
    }
  }

  private func answer(_ prediction: Prediction) -> RecordAnswer {
    if refusesLongTexts, prediction.isTruncated, let limit = classifier.encoder.maxTokens {
      return .fault(RecordError(tokens: prediction.tokenCount, limit: limit))
    }
    return .prediction(prediction, isAbstained: abstainBelow.map { prediction.score < $0 } ?? false)
  }

  private func predictions(for texts: [String]) -> [Result<Prediction, ClassificationError>] {
    // One text is the work of one thread: a cold start for it starts no others.
    guard texts.count > 1 else {
      return texts.map { text in Result { () throws(ClassificationError) in try classifier.classify(text) } }
    }
    return classifier.results(for: texts, pool: pool.threads())
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
