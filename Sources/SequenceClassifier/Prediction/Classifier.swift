import ModelPackage
import RecurrentCells
import RecurrentNumerics
import TextEncoding

/// A text classifier loaded from a package.
///
/// ```swift
/// let classifier = try Classifier(contentsOfFile: "zoo/sentiment.rnnpkg")
/// print(try classifier.classify("A warm, funny film.").label)
/// ```
///
/// Immutable and safe to share between threads. A text gets the same bits alone, in any batch, and on any number of
/// threads.
public struct Classifier: Sendable {
  /// The package's labels, in the order of its logits.
  public let labels: [String]
  /// What the package says of itself.
  public let manifest: Manifest
  /// Turns text into token ids.
  public let encoder: TextEncoder
  /// What logits are divided by before the softmax.
  public let temperature: Double
  let bound: BoundNetwork
  /// The linear classifier beside the network, where the package has one.
  let partner: BoundPartner?
  private let passes: PassPool

  /// A classifier of parts that belong together.
  package init(
    labels: [String], manifest: Manifest, encoder: TextEncoder, temperature: Double, bound: BoundNetwork,
    partner: BoundPartner?
  ) {
    self.labels = labels
    self.manifest = manifest
    self.encoder = encoder
    self.temperature = temperature
    self.bound = bound
    self.partner = partner
    passes = PassPool(bound.network)
  }

  /// The package's name.
  public var name: String { manifest.name }
  /// The package's version.
  public var version: String { manifest.version }
  /// The network's shape.
  public var network: RecurrentNetwork { bound.network }

  /// The same classifier with another limit on the tokens of a text.
  /// - Parameters:
  ///   - maxTokens: 0 or more; `nil` for no limit.
  ///   - truncation: `nil` for the package's.
  public func limiting(maxTokens: Int?, truncation: Truncation? = nil) -> Classifier {
    Classifier(
      labels: labels, manifest: manifest,
      encoder: TextEncoder(
        tokenizer: encoder.tokenizer, vocabulary: encoder.vocabulary, maxTokens: maxTokens,
        truncation: truncation ?? encoder.truncation), temperature: temperature, bound: bound,
      partner: partner)
  }

  /// Classifies one text.
  /// - Throws: where the network can give no scores, or takes no text of so many tokens.
  public func classify(_ text: String) throws(ClassificationError) -> Prediction {
    let (encoded, logits) = try answer(text)
    return try prediction(encoded, logits: logits)
  }

  private func lengthError(_ count: Int) -> ClassificationError? {
    let limit = network.tokenLimit
    return count > limit ? .tooManyTokens(count, limit: limit) : nil
  }

  /// Token ids of a text, and its logits before calibration, in the order of `labels`.
  package func answer(_ text: String) throws(ClassificationError) -> (encoded: EncodedText, logits: [Float]) {
    let reading = read(text)
    return (reading.encoded, stacked(try networkLogits(of: reading.encoded.ids), reading))
  }

  /// A text as the network takes it, and what the partner says of it: nothing where it has no say.
  private struct Reading: Sendable {
    let encoded: EncodedText
    let partner: [Float]
  }

  private func read(_ text: String) -> Reading {
    guard let partner else { return Reading(encoded: encoder.encode(text), partner: []) }
    let (encoded, hashes) = encoder.encodeWithHashes(text)
    let isAsked = partner.stack.hasPartner(idCount: encoded.ids.count)
    return Reading(encoded: encoded, partner: isAsked ? partner.model.logits(hashes) : [])
  }

  private func stacked(_ network: [Float], _ reading: Reading) -> [Float] {
    partner.map {
      $0.stack.combined(network, reading.partner, idCount: reading.encoded.ids.count)
    } ?? network
  }

  /// The network's logits of token ids, without the partner.
  package func networkLogits(of ids: [Int32]) throws(ClassificationError) -> [Float] {
    if let error = lengthError(ids.count) { throw error }
    return passes.withPass(tokens: ids.count) { $0.logits(bound, network.batch([ids])).rowValues(0) }
  }

  /// Classifies texts in batches of like length, on all threads of `pool`, of which this may be no task; results are in the order of
  /// the texts.
  /// - Throws: the error of the first text that has one; `results(for:pool:)` gives the others their scores.
  public func classify(_ texts: [String], pool: WorkerPool) throws(ClassificationError) -> [Prediction] {
    var predictions: [Prediction] = []
    predictions.reserveCapacity(texts.count)
    for result in results(for: texts, pool: pool) { predictions.append(try result.get()) }
    return predictions
  }

  /// Classifies texts in batches of like length, on all threads of `pool`: for each text, in order, its scores or why it has
  /// none. No text changes what another gets.
  public func results(
    for texts: [String], pool: WorkerPool
  ) -> [Result<Prediction, ClassificationError>] {
    let readings = pool.map(texts.count) { read(texts[$0]) }
    let errors = readings.map { lengthError($0.encoded.ids.count) }
    let fitting = readings.indices.filter { errors[$0] == nil }
    let batches = InferenceBatches.plan(
      lengths: fitting.map { readings[$0].encoded.ids.count }, tokenLimit: network.tokenLimit)
    let answers = pool.map(batches.count) { index -> [Answer] in
      let examples = batches[index].map { fitting[$0] }
      let batch = network.batch(examples.map { readings[$0].encoded.ids })
      return passes.withPass(tokens: batch.layout.rows) { pass in
        let logits = pass.logits(bound, batch)
        return batch.order.enumerated().map { row, position in
          let reading = readings[examples[position]]
          return Answer(
            example: examples[position],
            result: Result { () throws(ClassificationError) in
              try prediction(reading.encoded, logits: stacked(logits.rowValues(row), reading))
            })
        }
      }
    }
    var results = errors.map { $0.map(Result<Prediction, ClassificationError>.failure) }
    for answer in answers.joined() { results[answer.example] = answer.result }
    return results.compactMap { $0 }
  }

  private struct Answer: Sendable {
    let example: Int
    let result: Result<Prediction, ClassificationError>
  }

  private func prediction(
    _ encoded: EncodedText, logits: [Float]
  ) throws(ClassificationError) -> Prediction {
    guard logits.allSatisfy(\.isFinite) else { throw .notFinite }
    let probabilities = softmax(logits, temperature: temperature)
    let order = labels.indices.sorted { (probabilities[$0], $1) > (probabilities[$1], $0) }
    return Prediction(
      scores: order.map { Prediction.Score(label: labels[$0], score: probabilities[$0]) }, logits: logits,
      tokenCount: encoded.tokenCount, unknownCount: encoded.unknownCount, isTruncated: encoded.isTruncated)
  }
}
