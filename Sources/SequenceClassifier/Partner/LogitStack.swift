import ModelPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How the logits of a network and of its partner become one, in Double, rounded once:
///
///     max(a + a' ℓ, 0) n_k + max(b + b' ℓ, 0) p_k + c_k,    ℓ = ln(ids)
///
/// with the number of token ids that the network reads, `</s>` among them; without the partner's term and c for fewer ids
/// than `partnerMinLength`. What an n-gram tells grows with the text, what a network knows of a single sentence does not: with
/// a' and b' neither is weighed by texts of another length. Far from the lengths that they were fitted on a line leads
/// anywhere, below 0 too, where the answer would be turned round.
package struct LogitStack: Sendable {
  private let stack: Manifest.Partner.Stack

  package init(_ manifest: Manifest.Partner.Stack) { stack = manifest }

  /// ℓ of a text of so many ids; a text has one at least.
  package static func scale(ofLength idCount: Int) -> Double { log(Double(Swift.max(1, idCount))) }

  /// Whether the partner has a say in a text of so many ids.
  func hasPartner(idCount: Int) -> Bool { idCount >= stack.partnerMinLength ?? 0 }

  /// What the logits of either are multiplied by: never less than 0.
  package func factors(idCount: Int) -> (network: Double, partner: Double) {
    let scale = LogitStack.scale(ofLength: idCount)
    let network = Swift.max(stack.network + (stack.networkByLength ?? 0) * scale, 0)
    guard hasPartner(idCount: idCount) else { return (network, 0) }
    return (network, Swift.max(stack.partner + (stack.partnerByLength ?? 0) * scale, 0))
  }

  package func combined(_ network: [Float], _ partner: [Float], idCount: Int) -> [Float] {
    let (a, b) = factors(idCount: idCount)
    guard hasPartner(idCount: idCount) else { return network.map { Float(a * Double($0)) } }
    return network.indices.map { Float(a * Double(network[$0]) + b * Double(partner[$0]) + stack.bias[$0]) }
  }
}

/// A partner with its place in the stack.
package struct BoundPartner: Sendable {
  let model: NgramPartner
  let stack: LogitStack

  package init(model: NgramPartner, stack: LogitStack) {
    self.model = model
    self.stack = stack
  }
}
