import ModelPackage

/// The linear partner of a network: a logistic regression on which n-grams a text has, whatever their number and order.
///
///     z_k = bias_k + Σ_{f in the text} w_kf          presence: an n-gram that stands often counts once
///     w   = v |v|, v = q s_k                         q: 8-bit integers of the file, s_k: the scale of a row
///
/// A file holds signed square roots, since most weights are small against the largest. Sums are of integers, q |q|, and
/// therefore exact: no order of them changes a bit. Two labels share one row, the logits being −z/2 and z/2; more labels
/// have a row each. The whole text counts, also the tokens that a limit cuts off for the network.
///
/// Wang & Manning 2012, "Baselines and Bigrams", P12-2018.
public struct NgramPartner: Sendable {
  /// Longest n-gram.
  public let orders: Int
  /// Labels of the package, 2 or more.
  public let labelCount: Int
  let table: NgramTable
  /// Rows of 8-bit integers, `[rows, features]`.
  let weights: ArraySlice<UInt8>
  /// Of each row: s².
  let scales: [Double]
  let biases: [Float]

  /// Features, n-grams that have a weight.
  public var featureCount: Int { table.count }

  /// Rows of weights for so many labels.
  package static func rows(labelCount: Int) -> Int { labelCount == 2 ? 1 : labelCount }

  init(
    orders: Int, labelCount: Int, table: NgramTable, weights: ArraySlice<UInt8>, scales: [Float],
    biases: [Float]
  ) {
    self.orders = orders
    self.labelCount = labelCount
    self.table = table
    self.weights = weights
    self.scales = scales.map { Double($0) * Double($0) }
    self.biases = biases
  }

  /// The logits of a text, in the order of the labels.
  /// - Parameter tokens: hashes of its tokens.
  package func logits(_ tokens: [UInt64]) -> [Float] {
    let sums = rowSums(features(tokens))
    guard labelCount == 2 else { return sums }
    return [-sums[0] / 2, sums[0] / 2]
  }

  /// Tokens whose n-grams are looked up together: enough for all of most texts, little beside the memory of a long one.
  private static let tokensAtOnce = 8_192

  /// The features of a text, ascending, each once. Takes memory for the features found, not for every token.
  package func features(_ tokens: [UInt64]) -> [UInt32] {
    var found: [UInt32] = []
    var distinct = 0
    for start in stride(from: 0, to: tokens.count, by: Self.tokensAtOnce) {
      let end = Swift.min(start + Self.tokensAtOnce, tokens.count)
      let keys = NgramKeys.keys(of: tokens, startingIn: start..<end, orders: orders)
      table.find(keys, into: &found)
      // Repeats are taken out where they may be half of it, so that each costs a sort no more often than a few times.
      guard end == tokens.count || found.count > 2 * distinct + orders * Self.tokensAtOnce else { continue }
      Self.sortOnce(&found)
      distinct = found.count
    }
    return found
  }

  /// Sorts, and keeps one of equal numbers.
  private static func sortOnce(_ found: inout [UInt32]) {
    found.sort()
    var kept = 0
    for index in found.indices where index == 0 || found[index] != found[index - 1] {
      found[kept] = found[index]
      kept += 1
    }
    found.removeSubrange(kept...)
  }

  private func rowSums(_ features: [UInt32]) -> [Float] {
    weights.withUnsafeBytes { weights in
      biases.indices.map { row in
        let start = row &* table.count
        var sum = 0
        for feature in features {
          let q = Int(Int8(bitPattern: weights[start &+ Int(feature)]))
          sum &+= q &* abs(q)
        }
        return Float(Double(biases[row]) + scales[row] * Double(sum))
      }
    }
  }
}
