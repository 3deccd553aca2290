/// A message of Protocol Buffers, written field by field.
///
/// A field is a key, `number << 3 | wire type`, and its content: a varint (type 0), or a length and as many bytes (2).
/// Repeated fields are written one by one, as `onnx.proto` (proto2) has them.
///
/// Source: protobuf.dev/programming-guides/encoding.
package struct ProtobufMessage {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  private enum WireType: UInt64 {
    case varint = 0
    case lengthDelimited = 2
  }

  package mutating func append(_ field: Int, integer: Int) {
    appendKey(field, .varint)
    // Negative numbers take ten bytes, as 64-bit two's complement.
    appendVarint(UInt64(bitPattern: Int64(integer)))
  }

  package mutating func append(_ field: Int, text: String) { append(field, bytes: Array(text.utf8)) }

  package mutating func append(_ field: Int, message: ProtobufMessage) { append(field, bytes: message.bytes) }

  package mutating func append(_ field: Int, bytes content: [UInt8]) {
    appendKey(field, .lengthDelimited)
    appendVarint(UInt64(content.count))
    bytes += content
  }

  private mutating func appendKey(_ field: Int, _ type: WireType) {
    precondition((1..<1 << 29).contains(field), "field \(field)")
    appendVarint(UInt64(field) << 3 | type.rawValue)
  }

  /// Seven bits a byte, the lowest first; the top bit says that more follow.
  private mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}
