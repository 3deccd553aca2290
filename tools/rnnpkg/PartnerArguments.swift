import ArgumentParser
import ClassifierTraining
import ModelPackage
import SequenceClassifier

/// The options of a linear partner.
struct PartnerArguments: ParsableArguments {
  @Option(help: "N-grams of 1 to so many words. Default: 3.")
  var orders: Int?
  @Option(help: "Most bytes of the partner in the package, before compression. Default: 2097152.")
  var partnerBytes: Int?
  @Option(help: "Weight of its squared norm. Default: 1.")
  var l2: Double?
  @Option(help: "Texts that an n-gram must stand in. Default: 2.")
  var minDocuments: Int?
  @Option(
    help: "Fewest tokens of a text that it has a say in: shorter ones are the network's alone. Default: 1.")
  var minTokens: Int?

  func apply(to options: inout PartnerOptions) {
    if let orders { options.orders = orders }
    if let partnerBytes { options.maxBytes = partnerBytes }
    if let l2 { options.l2 = l2 }
    if let minDocuments { options.minDocuments = minDocuments }
    if let minTokens { options.minTokens = minTokens }
  }
}

/// The partner's options of `rnnpkg train`.
struct TrainPartnerArguments: ParsableArguments {
  @Flag(
    inversion: .prefixedNo, exclusivity: .exclusive,
    help: "Train a linear partner on n-grams beside the network. Default: none.")
  var partner: Bool?
  @Option(help: "Most bytes of it in the package, before compression; only with a partner. Default: 2097152.")
  var partnerBytes: Int?

  func apply(to options: inout PartnerOptions) {
    if let partner {
      // Where one is turned off, what the file says of it is no mistake.
      if !partner { options = PartnerOptions() }
      options.enabled = partner
    }
    if let partnerBytes { options.maxBytes = partnerBytes }
  }
}

extension PartnerReport {
  /// For people, three lines.
  var text: String {
    """
    partner: \(grouped(features)) of \(grouped(candidates)) n-grams, \(grouped(byteCount)) bytes, \(decimals(seconds, 1)) s
    dev accuracy: network \(decimals(networkAccuracy, 4)), partner \(decimals(partnerAccuracy, 4)), both \
    \(decimals(stackAccuracy, 4))
    logits: \(sums)
    """
  }

  /// How the logits of a short text and of a long one are added.
  private var sums: String {
    guard let length = stack.partnerMinLength else {
      return "\(sum(20)) for texts of 20 tokens, \(sum(200)) of 200, and a bias for each label"
    }
    let (short, long) = (min(20, length - 1), max(200, length))
    return
      "\(decimals(LogitStack(stack).factors(idCount: short).network, 3)) · network for texts of \(short) tokens, "
      + "\(sum(long)) of \(long), and a bias for each label from \(length) on"
  }

  private func sum(_ tokens: Int) -> String {
    let (network, partner) = LogitStack(stack).factors(idCount: tokens)
    return "\(decimals(network, 3)) · network + \(decimals(partner, 3)) · partner"
  }
}
