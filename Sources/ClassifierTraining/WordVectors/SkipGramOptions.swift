import CRecurrentKernels

/// Choices of skip-gram training.
public struct SkipGramOptions: Codable, Hashable, Sendable {
  /// Width of a vector.
  public var dimension: Int
  /// Most words to either side; each centre draws its own reach from 1 to this.
  public var window: Int
  /// Words drawn against each true neighbour, from 1 to `largestNegatives`.
  public var negatives: Int
  /// Passes over the texts.
  public var epochs: Int
  /// First learning rate; it falls in a straight line to 0.
  public var learningRate: Double
  /// Words more frequent than about this share are dropped at random.
  public var subsampling: Double
  /// Of everything random.
  public var seed: UInt64

  /// The most negatives that the kernels take.
  public static let largestNegatives = Int(RK_SKIP_GRAM_NEGATIVES)

  /// The defaults, but for what is given.
  public init(
    dimension: Int = 128, window: Int = 5, negatives: Int = 5, epochs: Int = 5, learningRate: Double = 0.05,
    subsampling: Double = 1e-4, seed: UInt64 = 1
  ) {
    self.dimension = dimension
    self.window = window
    self.negatives = negatives
    self.epochs = epochs
    self.learningRate = learningRate
    self.subsampling = subsampling
    self.seed = seed
  }
}
