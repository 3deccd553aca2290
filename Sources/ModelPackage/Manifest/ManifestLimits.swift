extension Manifest {
  /// The largest sizes a manifest may state. They are checked before anything of that size is made.
  public enum Limits {
    /// Bytes of `manifest.json`.
    public static let bytes = 1 << 20
    /// Nesting of arrays and objects in it.
    public static let depth = 32
    /// Hidden and embedding sizes, and sizes of dense layers.
    public static let width = 65_536
    /// Recurrent layers, `model.encoder.layers`.
    public static let layers = 64
    /// Tokens of a piece of a chopped text.
    public static let pieceLength = 65_536
    /// Tokens that each state is made of where they run in windows: the work for each token.
    public static let windowLength = 256
    /// Sizes in `model.readout.hidden`.
    public static let denseLayers = 16
    /// Class names in `task.labels`.
    public static let labels = 65_536
    /// Bytes of one label.
    public static let labelBytes = 256
    /// Bytes of `name`.
    public static let nameBytes = 128
    /// Bytes of the package's `version`.
    public static let versionBytes = 64
    /// Names of cells, gates, tokenizers and the like.
    public static let wordBytes = 256
    /// Names in `model.encoder.cell.gates`.
    public static let gates = 64
    /// Tokens of a vocabulary, `tokenizer.size`; the special ones count.
    public static let vocabularyEntries = 2_000_000
    /// What `tokenizer.maxTokens` and `model.partner.stack.partnerMinLength` may say, 2³⁰.
    public static let maxTokens = 1 << 30
    /// What `model.parameters` may say, 2⁴⁰.
    public static let parameters = 1 << 40
    /// What logits are divided by: far more or less would leave scores of 0 and 1 only, or of no meaning.
    public static let temperature = 0.01...100.0
    /// Rows of `behaviour`, one a suite.
    public static let behaviourRows = 1_024
    /// Cases of one behaviour suite, 2³⁰.
    public static let behaviourCases = 1 << 30
    /// Longest n-gram of a partner.
    public static let partnerOrders = 5
    /// N-grams of a partner that have weights, 2²⁶.
    public static let partnerFeatures = 1 << 26
    /// Magnitude of what a partner's stack multiplies by or adds.
    public static let stackCoefficient = 1e6
  }
}
