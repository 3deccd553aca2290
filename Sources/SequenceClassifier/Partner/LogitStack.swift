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
///     (a + a' ℓ) n_k + (b + b' ℓ) p_k + c_k,    ℓ = ln(ids)
///
/// with the number of token ids that the network reads, `</s>` among them. What an n-gram tells grows with the text, what a
/// network knows of a single sentence does not: with a' and b' neither is weighed by texts of another length.
package struct LogitStack: Sendable {
  private let stack: Manifest.Partner.Stack

  package init(_ manifest: Manifest.Partner.Stack) { stack = manifest }

  /// ℓ of a text of so many ids; a text has one at least.
  package static func scale(ofLength idCount: Int) -> Double { log(Double(Swift.max(1, idCount))) }

  /// What the logits of either are multiplied by.
  package func factors(idCount: Int) -> (network: Double, partner: Double) {
    let scale = LogitStack.scale(ofLength: idCount)
    return (
      stack.network + (stack.networkByLength ?? 0) * scale,
      stack.partner + (stack.partnerByLength ?? 0) * scale
    )
  }

  package func combined(_ network: [Float], _ partner: [Float], idCount: Int) -> [Float] {
    let (a, b) = factors(idCount: idCount)
    return network.indices.map { Float(a * Double(network[$0]) + b * Double(partner[$0]) + stack.bias[$0]) }
  }
}

/// A partner with its place in the stack.
struct BoundPartner: Sendable {
  let model: NgramPartner
  let stack: LogitStack
}
