extension Manifest {
  /// The largest sizes a manifest may state. They are checked before anything of that size is made.
  public enum Limits {
    /// Bytes of `manifest.json`.
    public static let bytes = 1 << 20
    /// Nesting of arrays and objects in it.
    public static let depth = 32
    /// Hidden and embedding sizes, and sizes of dense layers.
    public static let width = 65_536
    public static let layers = 64
    /// Tokens of a piece of a chopped text.
    public static let pieceLength = 65_536
    /// Tokens that each state is made of where they run in windows: the work for each token.
    public static let windowLength = 256
    public static let denseLayers = 16
    public static let labels = 65_536
    public static let labelBytes = 256
    public static let nameBytes = 128
    public static let versionBytes = 64
    /// Names of cells, gates, tokenizers and the like.
    public static let wordBytes = 256
    public static let gates = 64
    public static let vocabularyEntries = 2_000_000
    public static let maxTokens = 1 << 30
    public static let parameters = 1 << 40
    /// What logits are divided by: far more or less would leave scores of 0 and 1 only, or of no meaning.
    public static let temperature = 0.01...100.0
    public static let behaviourRows = 1_024
    public static let behaviourCases = 1 << 30
    /// Longest n-gram of a partner.
    public static let partnerOrders = 5
    public static let partnerFeatures = 1 << 26
    /// Magnitude of what a partner's stack multiplies by or adds.
    public static let stackCoefficient = 1e6
  }
}
