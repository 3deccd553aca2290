import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON

/// A network of random weights, and texts for it, from fixed seeds.
struct SampleNetwork {
  let network: RecurrentNetwork
  let parameters: NetworkParameters
  /// Of many lengths, an empty one among them.
  let texts: EncodedExamples
  /// What reports call it.
  let subject: String

  static let labels = ["a", "b", "c"]
  private static let vocabularySize = 97

  /// - Parameter subject: what reports call it.
  init(
    _ subject: String, cell: CellKind, configuration: JSONValue, readout: ReadoutKind, cells: CellRegistry,
    readouts: ReadoutRegistry
  ) throws {
    network = try NetworkDescription(
      embeddingSize: 19, cell: cell, cellConfiguration: configuration, layers: 2, direction: .both,
      initialState: .zero, readout: readout
    ).makeNetwork(
      vocabularySize: Self.vocabularySize, labelCount: Self.labels.count, cells: cells, readouts: readouts)
    parameters = NetworkParameters(initialising: network, random: RandomStream(seed: 1))
    texts = Self.texts(count: 45)
    self.subject = subject
  }

  private static func texts(count: Int) -> EncodedExamples {
    var random = RandomStream(seed: 2)
    var texts = EncodedExamples()
    for index in 0..<count {
      let length = index == 7 ? 0 : 1 + random.integer(below: index % 5 == 0 ? 150 : 23)
      texts.append(
        tokens: (0..<length).map { _ in Int32(random.integer(below: vocabularySize)) },
        label: index % labels.count)
    }
    return texts
  }

  /// The logits of all texts in one batch, in their order.
  func logits(_ kernels: KernelSet) -> [[Float]] {
    NetworkPass(network).logits(BoundNetwork(network, parameters, kernels: kernels), texts.tokens)
  }

  static let trainingOptions: TrainingOptions = {
    var options = TrainingConfiguration().training
    options.epochs = 2
    options.batchSize = 12
    options.dropout.input = 0.2
    return options
  }()
}

extension NetworkPass {
  /// The logits of texts in one batch, in the order of the texts.
  func logits(_ bound: BoundNetwork, _ texts: [[Int32]]) -> [[Float]] {
    let batch = bound.network.batch(texts)
    let rows = logits(bound, batch)
    var result = [[Float]](repeating: [], count: texts.count)
    for (row, text) in batch.order.enumerated() { result[text] = rows.rowValues(row) }
    return result
  }
}

/// Texts without meaning, for a package whose words nobody knows.
enum SampleTexts {
  private static let words = [
    "the", "film", "was", "not", "good", "bad", "never", "again", "I", "loved", "it", ",", "but", "!", "room",
    "42",
    "Straße", "naïve", "été", "…", "zqxv", "A", "AND", "soooo", "food", "slow", "well", "fell", "apart", "?",
  ]

  static func words(count: Int) -> [String] {
    var random = RandomStream(seed: 3)
    return (0..<count).map { index in
      (0..<random.integer(below: index % 7 == 0 ? 300 : 30)).map { _ in
        words[random.integer(below: words.count)]
      }.joined(separator: " ")
    }
  }
}
