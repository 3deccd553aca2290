import ModelPackage

/// How the logits of a network and of its partner become one: k-th logit a n_k + b p_k + c_k, in Double, rounded once.
package struct LogitStack: Sendable {
  let network: Double
  let partner: Double
  let bias: [Double]

  package init(_ manifest: Manifest.Partner.Stack) {
    network = manifest.network
    partner = manifest.partner
    bias = manifest.bias
  }

  package func combined(_ networkLogits: [Float], _ partnerLogits: [Float]) -> [Float] {
    networkLogits.indices.map {
      Float(network * Double(networkLogits[$0]) + partner * Double(partnerLogits[$0]) + bias[$0])
    }
  }
}

/// A partner with its place in the stack.
struct BoundPartner: Sendable {
  let model: NgramPartner
  let stack: LogitStack
}
