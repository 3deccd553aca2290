import StrictJSON

extension Manifest {
  /// A linear classifier on n-grams beside the network, and how the logits of the two are added.
  public struct Partner: Sendable, Equatable, Codable {
    /// a, b, c, a' and b' of the logits (a + a' ℓ) · network + (b + b' ℓ) · partner + c, where ℓ is the logarithm of a
    /// text's length in token ids. A factor below 0 counts as 0. A text of fewer ids than `partnerMinLength`
    /// has (a + a' ℓ) · network alone.
    public struct Stack: Sendable, Equatable, Codable {
      /// a of the network's factor a + a' ℓ.
      public var network: Double
      /// b of the partner's factor b + b' ℓ.
      public var partner: Double
      /// One for each label.
      public var bias: [Double]
      /// 0 where it is left out, as the next.
      public var networkByLength: Double?
      /// b', what each unit of ℓ adds to the partner's factor.
      public var partnerByLength: Double?
      /// Fewest token ids of a text, as the network reads it, that the partner has a say in; 1 where it is left out.
      public var partnerMinLength: Int?

      /// Checks nothing: `Manifest.validate()` asks for as many biases as labels, and for magnitudes up to
      /// `Limits.stackCoefficient`, and for a length of 1 to `Limits.maxTokens`.
      public init(
        network: Double, partner: Double, bias: [Double], networkByLength: Double? = nil,
        partnerByLength: Double? = nil, partnerMinLength: Int? = nil
      ) {
        self.network = network
        self.partner = partner
        self.bias = bias
        self.networkByLength = networkByLength
        self.partnerByLength = partnerByLength
        self.partnerMinLength = partnerMinLength
      }
    }

    /// `nb-ngrams`, which is `knownKind`; any other is of a newer version.
    public var kind: String
    /// The version of that kind, 1; any other is of a newer version.
    public var version: Int
    /// N-grams of 1 to so many tokens.
    public var orders: Int
    /// How n-grams become keys.
    public var hash: String
    /// N-grams that have weights.
    public var features: Int
    /// How the partner's logits are added to the network's.
    public var stack: Stack
    /// How it was trained: weight of the squared norm, and texts that an n-gram must stand in.
    public var l2: Double?
    /// Training texts that an n-gram had to stand in, from 1; information.
    public var minDocuments: Int?

    /// A partner of the kind, version and hash that this engine has; `Manifest.validate()` checks the rest.
    public init(
      orders: Int, features: Int, stack: Stack, l2: Double? = nil, minDocuments: Int? = nil
    ) {
      kind = Self.knownKind
      version = 1
      self.orders = orders
      hash = Self.knownHash
      self.features = features
      self.stack = stack
      self.l2 = l2
      self.minDocuments = minDocuments
    }

    /// The oldest engine that adds such a partner as this one does.
    public var oldestEngine: String {
      stack.partnerMinLength == nil
        ? EngineVersion.oldestPartnerReader : EngineVersion.oldestPartnerLengthReader
    }

    /// Logistic regression on n-grams weighted by naive Bayes log-count ratios.
    public static let knownKind = "nb-ngrams"
    /// What the names of a partner's tensors begin with.
    public static let tensorPrefix = "partner."
    /// FNV-1a of tokens, chained and mixed.
    public static let knownHash = "fnv1a64-chain"
  }

  /// Another kind of partner is of a newer version, whatever it looks like.
  static func checkPartner(_ value: JSONValue?) throws(ManifestError) {
    guard case .object(let object)? = value else { return }
    for (key, known) in [
      ("kind", JSONValue.string(Partner.knownKind)), ("version", .integer(1)),
      ("hash", .string(Partner.knownHash)),
    ] {
      guard let found = object[key], found != known else { continue }
      switch found {
      case .string(let text): throw .newerFeature(path: "model.partner.\(key)", found: "\(EscapedText(text))")
      case .integer(let number): throw .newerFeature(path: "model.partner.\(key)", found: "\(number)")
      default: continue
      }
    }
  }

  func validatePartner() throws(ManifestError) {
    guard let partner = model.partner else { return }
    let path = "model.partner"
    for (word, known, key) in [
      (partner.kind, Partner.knownKind, "kind"), (partner.hash, Partner.knownHash, "hash"),
    ] where word != known {
      throw .newerFeature(path: "\(path).\(key)", found: "\(EscapedText(word))")
    }
    guard partner.version == 1 else {
      throw .newerFeature(path: "\(path).version", found: "\(partner.version)")
    }
    try Self.check(partner.orders, "\(path).orders", 1...Limits.partnerOrders)
    try Self.check(partner.features, "\(path).features", 1...Limits.partnerFeatures)
    if let count = partner.minDocuments {
      try Self.check(count, "\(path).minDocuments", 1...Int(Int32.max))
    }
    guard task.labels.count > 1 else {
      throw .number(
        path: "task.labels", found: "\(task.labels.count)", expected: "two or more beside a partner")
    }
    let stack = partner.stack
    guard stack.bias.count == task.labels.count else {
      throw .mismatch(
        path: "\(path).stack.bias", found: stack.bias.count, other: "task.labels",
        expected: task.labels.count)
    }
    if let length = stack.partnerMinLength {
      try Self.check(length, "\(path).stack.partnerMinLength", 1...Limits.maxTokens)
    }
    let slopes = [(stack.networkByLength, "networkByLength"), (stack.partnerByLength, "partnerByLength")]
    for (value, key) in [(stack.network, "network"), (stack.partner, "partner")]
      + slopes.map({ ($0 ?? 0, $1) })
      + stack.bias.enumerated().map({ ($1, "bias[\($0)]") })
    where !(value.magnitude <= Limits.stackCoefficient) {
      throw .number(
        path: "\(path).stack.\(key)", found: "\(value)",
        expected: "a number of at most \(Limits.stackCoefficient)")
    }
  }
}
