/// The learning rate of each part of a network; a part with rate 0 is frozen.
public struct LayerRates: Sendable, Equatable {
  /// Of all word vectors alike.
  public var embedding: Float
  /// Level by level, lowest first; all directions of a level learn alike.
  public var levels: [Float]
  /// Of the logits' weights and of what the readout itself learns.
  public var readout: Float

  /// One rate for all.
  public init(_ rate: Float, levels: Int) {
    embedding = rate
    self.levels = [Float](repeating: rate, count: levels)
    readout = rate
  }

  /// The rate of a layer, counted level by level, direction by direction.
  func layer(_ index: Int, of layers: Int) -> Float { levels[index * levels.count / layers] }
}
