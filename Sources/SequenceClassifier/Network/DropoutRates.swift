/// Shares of units dropped in training; what is kept is scaled by 1 / (1 − rate).
public struct DropoutRates: Codable, Hashable, Sendable {
  /// Whole rows of the embedding: a dropped word is dropped wherever it stands in the batch.
  public var embeddingRows: Float
  /// Features of the embedded words: one mask a text, the same at all steps ("locked", Gal & Ghahramani 2016).
  public var input: Float
  /// Features between levels, locked likewise.
  public var hidden: Float
  /// Features that the readout made.
  public var readout: Float

  /// Each from 0 up to but not including 1; 0 drops nothing.
  public init(embeddingRows: Float = 0, input: Float = 0, hidden: Float = 0, readout: Float = 0) {
    self.embeddingRows = embeddingRows
    self.input = input
    self.hidden = hidden
    self.readout = readout
  }

  enum CodingKeys: String, CodingKey {
    case embeddingRows = "embedding-rows"
    case input, hidden, readout
  }
}
