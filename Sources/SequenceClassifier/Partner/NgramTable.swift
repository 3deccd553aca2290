/// Features of n-grams by key, in a few bytes each, as they lie in a file: read in place, nothing is built.
///
///     bucket      = the first log₂ B bits of the key
///     fingerprint = the 16 bits behind them
///
/// Features stand in the order of bucket and fingerprint; `starts[b]` is the first of bucket b. Between 4 and 8 features
/// share a bucket, so that an n-gram that is no feature is taken for one with a probability of 4 to 8 in 65,536: of the
/// 900 n-grams of a text of 300 tokens, one in ten texts has one such.
///
/// Cost: a look at two starts and a binary search of three steps.
struct NgramTable: Sendable {
  /// 32-bit, little-endian, B + 1 of them.
  let starts: ArraySlice<UInt8>
  /// 16-bit, little-endian.
  let fingerprints: ArraySlice<UInt8>
  let bucketBits: Int
  let count: Int

  /// The number of bits of buckets for so many features.
  static func bucketBits(features: Int) -> Int {
    var bits = 0
    while features > 8 << bits { bits += 1 }
    return bits
  }

  /// A key's place in the order of features.
  static func slot(of key: UInt64, bucketBits: Int) -> (bucket: Int, fingerprint: UInt16) {
    let bucket = bucketBits == 0 ? 0 : Int(key >> UInt64(64 - bucketBits))
    return (bucket, UInt16(truncatingIfNeeded: (key << UInt64(bucketBits)) >> 48))
  }

  /// Adds to `found` the number of the feature of each key that has one. Repeats stay.
  func find(_ keys: [UInt64], into found: inout [UInt32]) {
    starts.withUnsafeBytes { starts in
      fingerprints.withUnsafeBytes { fingerprints in
        func start(_ bucket: Int) -> Int {
          Int(UInt32(littleEndian: starts.loadUnaligned(fromByteOffset: bucket &* 4, as: UInt32.self)))
        }
        for key in keys {
          let (bucket, fingerprint) = Self.slot(of: key, bucketBits: bucketBits)
          var low = start(bucket)
          let end = start(bucket &+ 1)
          var high = end
          while low < high {
            let middle = (low &+ high) / 2
            let other = UInt16(
              littleEndian: fingerprints.loadUnaligned(fromByteOffset: middle &* 2, as: UInt16.self))
            if other < fingerprint { low = middle &+ 1 } else { high = middle }
          }
          guard low < end,
            UInt16(littleEndian: fingerprints.loadUnaligned(fromByteOffset: low &* 2, as: UInt16.self))
              == fingerprint
          else { continue }
          found.append(UInt32(truncatingIfNeeded: low))
        }
      }
    }
  }

  /// Refuses what `find` could not search: it reads no further than this has looked.
  ///
  /// Fingerprints ascend within a bucket, so that they may fall only where one begins: both are counted without a branch,
  /// and where the counts differ the place is looked for.
  func check() throws(NgramPartnerError) {
    precondition(starts.count == 4 * ((1 << bucketBits) + 1) && fingerprints.count == 2 * count)
    let fault: NgramPartnerError? = starts.withUnsafeBytes { starts in
      fingerprints.withUnsafeBytes { fingerprints in
        func start(_ bucket: Int) -> Int {
          Int(UInt32(littleEndian: starts.loadUnaligned(fromByteOffset: bucket &* 4, as: UInt32.self)))
        }
        func falls(at index: Int) -> Int {
          let (last, next) = (
            fingerprints.loadUnaligned(fromByteOffset: 2 &* index &- 2, as: UInt16.self),
            fingerprints.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self)
          )
          return UInt16(littleEndian: next) > UInt16(littleEndian: last) ? 0 : 1
        }
        var last = 0
        var allowed = 0
        for bucket in 0...1 << bucketBits {
          let next = start(bucket)
          guard next >= last, next <= count, bucket > 0 || next == 0 else {
            return .bucketStart(bucket, found: next)
          }
          if next > last && next < count { allowed &+= falls(at: next) }
          last = next
        }
        guard last == count else { return .bucketStart(1 << bucketBits, found: last) }
        var found = 0
        for index in stride(from: 1, to: count, by: 1) { found &+= falls(at: index) }
        guard found != allowed else { return nil }
        for bucket in 0..<1 << bucketBits {
          for index in stride(from: start(bucket) + 1, to: start(bucket + 1), by: 1)
          where falls(at: index) > 0 {
            return .unsortedKeys(feature: index)
          }
        }
        preconditionFailure("\(found) falls, \(allowed) of them at the start of a bucket")
      }
    }
    if let fault { throw fault }
  }
}
