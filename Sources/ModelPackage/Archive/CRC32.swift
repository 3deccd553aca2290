/// The checksum of gzip (polynomial 0xEDB88320), eight bytes a step.
///
/// libarchive's gzip reader checks neither this nor the length, and the manifest's table cannot hold the manifest's own
/// digest: without the checksum a flipped bit could change a calibration unseen.
struct CRC32 {
  private var state: UInt32 = 0xffff_ffff

  var value: UInt32 { ~state }

  /// Table `k` advances the checksum of a byte over `k` zero bytes.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
      tables[byte] = value
    }
    for index in 256..<8 * 256 {
      let previous = tables[index - 256]
      tables[index] = previous >> 8 ^ tables[Int(previous & 0xff)]
    }
    return tables
  }()

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    state = Self.tables.withUnsafeBufferPointer { tables in
      var state = state
      var index = 0
      // Every table index is a byte plus a multiple of 256 below 2,048.
      while bytes.count &- index >= 8 {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        let low = UInt32(truncatingIfNeeded: word) ^ state
        let high = UInt32(truncatingIfNeeded: word >> 32)
        let first = tables[1792 &+ Int(low & 0xff)] ^ tables[1536 &+ Int(low >> 8 & 0xff)]
        let second = tables[1280 &+ Int(low >> 16 & 0xff)] ^ tables[1024 &+ Int(low >> 24)]
        let third = tables[768 &+ Int(high & 0xff)] ^ tables[512 &+ Int(high >> 8 & 0xff)]
        let fourth = tables[256 &+ Int(high >> 16 & 0xff)] ^ tables[Int(high >> 24)]
        state = first ^ second ^ third ^ fourth
        index &+= 8
      }
      while index < bytes.count {
        state = state >> 8 ^ tables[Int((state ^ UInt32(bytes[index])) & 0xff)]
        index &+= 1
      }
      return state
    }
  }
}
