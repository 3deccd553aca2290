import ModelPackage

/// The linear partner of the network: the `[partner]` table.
public struct PartnerOptions: Codable, Sendable, Equatable {
  /// Whether there is one.
  public var enabled: Bool
  /// N-grams of 1 to so many tokens.
  public var orders: Int
  /// Most bytes of it in the package, before compression.
  public var maxBytes: Int
  /// λ: half of it times the squared norm of the weights is added to the sum of losses.
  public var l2: Double
  /// Texts that an n-gram must stand in.
  public var minDocuments: Int
  /// Fewest token ids of a text that it has a say in: shorter ones are the network's alone.
  public var minTokens: Int

  /// The defaults, with no partner.
  public init() {
    enabled = false
    orders = 3
    maxBytes = 2 << 20
    l2 = 1
    minDocuments = 2
    minTokens = 1
  }

  enum CodingKeys: String, CodingKey {
    case enabled, orders
    case maxBytes = "max-bytes"
    case l2
    case minDocuments = "min-documents"
    case minTokens = "min-tokens"
  }

  /// Refuses values that no partner can be made with.
  public func validate() throws(OptionError) {
    let require = OptionChecks(table: "partner")
    let longest = Manifest.Limits.partnerOrders
    try require((1...longest).contains(orders), "orders", orders, "from 1 to \(longest)")
    try require(
      (1_024...(200 << 20)).contains(maxBytes), "max-bytes", maxBytes, "from 1024 to 209715200")
    try require(l2 > 0 && l2 <= 1e6, "l2", l2, "above 0 and at most 1000000")
    try require(
      (1...1_000_000).contains(minDocuments), "min-documents", minDocuments, "from 1 to 1000000")
    let most = Manifest.Limits.maxTokens
    try require((1...most).contains(minTokens), "min-tokens", minTokens, "from 1 to \(most)")
  }

  /// Refuses dev texts that tell nothing of the partner, where it has a say in none of them, or in those of one label only.
  func check(devIDCounts: [Int], targets: [Int], labels: [String]) throws(PartnerError) {
    guard minTokens > 1 else { return }
    let decided = zip(devIDCounts, targets).filter { $0.0 >= minTokens }.map(\.1)
    guard let first = decided.first else {
      throw .shortTexts(minTokens: minTokens, longest: devIDCounts.max() ?? 0)
    }
    guard decided.contains(where: { $0 != first }) else {
      throw .oneLabel(labels[first], texts: "dev texts of \(minTokens) tokens or more")
    }
  }

  /// Refuses settings that no partner is made with. One that is the default cannot be told from one that was not given.
  func checkUse() throws(OptionError) {
    guard !enabled else { return }
    let (require, unset) = (OptionChecks(table: "partner"), PartnerOptions())
    let allowed = "left out unless partner.enabled is true"
    try require(orders == unset.orders, "orders", orders, allowed)
    try require(maxBytes == unset.maxBytes, "max-bytes", maxBytes, allowed)
    try require(l2 == unset.l2, "l2", l2, allowed)
    try require(minDocuments == unset.minDocuments, "min-documents", minDocuments, allowed)
    try require(minTokens == unset.minTokens, "min-tokens", minTokens, allowed)
  }
}
