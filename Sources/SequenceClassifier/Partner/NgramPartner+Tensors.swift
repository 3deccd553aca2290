import ModelPackage

extension NgramPartner {
  /// Names of the tensors of a partner.
  package enum TensorName {
    /// Where each bucket of features starts: 32-bit little-endian, `[buckets + 1, 4]` bytes.
    package static let buckets = "partner.buckets"
    /// 16 bits of each feature's key, little-endian, `[features, 2]` bytes.
    package static let fingerprints = "partner.fingerprints"
    /// Signed square roots of weights, `[rows, features]`.
    package static let weights = "partner.weights"
    /// `[rows]`.
    package static let bias = "partner.bias"
    package static let all = [buckets, fingerprints, weights, bias]
  }

  /// Reads a partner out of a package's tensors, whose memory it shares.
  package init(
    _ manifest: Manifest.Partner, labelCount: Int, tensors: TensorFile
  ) throws(NgramPartnerError) {
    let count = manifest.features
    let rows = Self.rows(labelCount: labelCount)
    let bucketBits = NgramTable.bucketBits(features: count)
    func tensor(_ name: String, _ dtype: TensorType, _ shape: [Int]) throws(NgramPartnerError) -> Tensor {
      guard let tensor = tensors[name] else { throw .missingTensor(name) }
      guard tensor.dtype == dtype else {
        throw .tensorType(name, expected: dtype, found: tensor.dtype)
      }
      guard tensor.shape == shape else { throw .tensorShape(name, expected: shape, found: tensor.shape) }
      return tensor
    }
    let buckets = try tensor(TensorName.buckets, .u8, [1 << bucketBits + 1, 4])
    let fingerprints = try tensor(TensorName.fingerprints, .u8, [count, 2])
    let weights = try tensor(TensorName.weights, .i8, [rows, count]).stored
    let bias = try tensor(TensorName.bias, .f32, [rows])
    let table = NgramTable(
      starts: buckets.stored.bytes, fingerprints: fingerprints.stored.bytes, bucketBits: bucketBits,
      count: count)
    try table.check()
    self.init(
      orders: manifest.orders, labelCount: labelCount, table: table, weights: weights.bytes,
      scales: weights.scales, biases: bias.values)
  }

  /// The tensors of a partner.
  /// - Parameters:
  ///   - keys: of the features, the most important first: where two share a fingerprint, the first is kept.
  ///   - weights: rows, each with the weight of every feature.
  ///   - bias: of each row.
  package static func tensors(keys: [UInt64], weights: [[Float]], bias: [Float]) -> [Tensor] {
    precondition(!keys.isEmpty && keys.count <= Manifest.Limits.partnerFeatures, "\(keys.count) features")
    // Dropping features can halve the buckets, so that others collide: again, until it stays.
    var kept = Array(keys.indices)
    while true {
      let bits = NgramTable.bucketBits(features: kept.count)
      let slots = keys.map { NgramTable.slot(of: $0, bucketBits: bits) }
      let order = kept.sorted {
        (slots[$0].bucket, slots[$0].fingerprint, $0) < (slots[$1].bucket, slots[$1].fingerprint, $1)
      }
      kept = []
      for index in order where kept.last.map({ slots[$0] != slots[index] }) ?? true { kept.append(index) }
      guard NgramTable.bucketBits(features: kept.count) == bits else { continue }
      return tensors(kept, slots, bucketBits: bits, weights: weights, bias: bias)
    }
  }

  private static func tensors(
    _ kept: [Int], _ slots: [(bucket: Int, fingerprint: UInt16)], bucketBits: Int, weights: [[Float]],
    bias: [Float]
  ) -> [Tensor] {
    var counts = [UInt32](repeating: 0, count: 1 << bucketBits + 1)
    var fingerprints: [UInt8] = []
    fingerprints.reserveCapacity(2 * kept.count)
    for index in kept {
      counts[slots[index].bucket + 1] += 1
      fingerprints += [UInt8(slots[index].fingerprint & 0xff), UInt8(slots[index].fingerprint >> 8)]
    }
    var buckets: [UInt8] = []
    buckets.reserveCapacity(4 * counts.count)
    var start: UInt32 = 0
    for count in counts {
      start += count
      for shift in 0..<4 { buckets.append(UInt8(truncatingIfNeeded: start >> UInt32(8 * shift))) }
    }
    let roots = weights.flatMap { row in
      kept.map { index in
        let root = row[index].magnitude.squareRoot()
        return row[index] < 0 ? -root : root
      }
    }
    return [
      Tensor(name: TensorName.buckets, shape: [counts.count, 4], bytes: buckets),
      Tensor(name: TensorName.fingerprints, shape: [kept.count, 2], bytes: fingerprints),
      Tensor(name: TensorName.weights, shape: [weights.count, kept.count], dtype: .i8, values: roots)
        .rounded(),
      Tensor(name: TensorName.bias, shape: [bias.count], values: bias).rounded(),
    ]
  }

  /// Bytes of a partner's numbers in a tensor file, before compression.
  package static func byteCount(features: Int, rows: Int) -> Int {
    4 * (1 << NgramTable.bucketBits(features: features) + 1) + 2 * features + rows * (features + 8)
  }
}
