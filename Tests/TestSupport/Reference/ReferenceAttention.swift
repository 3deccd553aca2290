#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Attention over the outputs of one direction, in `Double`: α = softmax(q · tanh(A h_t + b)), features Σ α_t h_t.
struct ReferenceAttention {
  var weight: [Double]
  var bias: [Double]
  var query: [Double]

  /// u_t, α_t, and the attended vector.
  struct Trace {
    var hidden: [[Double]]
    var shares: [Double]
    var attended: [Double]
  }

  func forward(_ outputs: [[Double]]) -> Trace {
    let hidden = outputs.map { applying({ tanh($0) }, to: sum(product(weight, $0, rows: bias.count), bias)) }
    let scores = hidden.map { product(query, $0, rows: 1)[0] }
    let largest = scores.max() ?? 0
    let powers = scores.map { exp($0 - largest) }
    let total = powers.reduce(0, +)
    let shares = powers.map { $0 / total }
    var attended = [Double](repeating: 0, count: bias.count)
    for (share, output) in zip(shares, outputs) { add(output.map { $0 * share }, to: &attended) }
    return Trace(hidden: hidden, shares: shares, attended: attended)
  }

  /// Adds to `gradients`, an attention whose numbers are gradients.
  /// - Returns: ∂L/∂h_t.
  func backward(
    _ outputs: [[Double]], attendedGradient: [Double], gradients: inout ReferenceAttention
  ) -> [[Double]] {
    let trace = forward(outputs)
    let shareGradients = outputs.map { product(attendedGradient, $0, rows: 1)[0] }
    let mean = zip(trace.shares, shareGradients).reduce(0) { $0 + $1.0 * $1.1 }
    return outputs.indices.map { t in
      let score = trace.shares[t] * (shareGradients[t] - mean)
      add(trace.hidden[t].map { $0 * score }, to: &gradients.query)
      let inner = zip(query, trace.hidden[t]).map { $0 * score * (1 - $1 * $1) }
      addOuterProduct(inner, outputs[t], to: &gradients.weight)
      add(inner, to: &gradients.bias)
      return sum(
        attendedGradient.map { $0 * trace.shares[t] },
        transposedProduct(weight, inner, columns: bias.count))
    }
  }
}

extension ReferenceParameters {
  private static func names(isReversed: Bool) -> [String] {
    ["weight", "bias", "query"].map { "readout.attention.\($0)" + (isReversed ? "_reverse" : "") }
  }

  /// The names and shapes of one direction's attention.
  static func attentionShapes(hidden: Int, isReversed: Bool) -> [(name: String, shape: [Int])] {
    Array(zip(names(isReversed: isReversed), [[hidden, hidden], [hidden], [hidden]]))
  }

  func attention(isReversed: Bool) -> ReferenceAttention {
    let names = Self.names(isReversed: isReversed)
    return ReferenceAttention(weight: self[names[0]], bias: self[names[1]], query: self[names[2]])
  }

  mutating func set(_ attention: ReferenceAttention, isReversed: Bool) {
    let names = Self.names(isReversed: isReversed)
    for (name, values) in zip(names, [attention.weight, attention.bias, attention.query]) {
      self[name] = values
    }
  }
}
