import ModelConversion
import Testing

/// Bytes of the encoding's own documentation, and the ends of its ranges.
@Suite struct ProtobufMessageTests {
  @Test func fieldsHaveTheBytesOfTheDocumentation() {
    var message = ProtobufMessage()
    message.append(1, integer: 150)
    #expect(message.bytes == [0x08, 0x96, 0x01])
    var text = ProtobufMessage()
    text.append(2, text: "testing")
    #expect(text.bytes == [0x12, 0x07] + Array("testing".utf8))
    var outer = ProtobufMessage()
    outer.append(3, message: message)
    #expect(outer.bytes == [0x1a, 0x03, 0x08, 0x96, 0x01])
  }

  @Test func negativeIntegersTakeTenBytesAndLargeFieldsTwoKeyBytes() {
    var message = ProtobufMessage()
    message.append(20, integer: -2)
    #expect(message.bytes == [0xa0, 0x01, 0xfe] + [UInt8](repeating: 0xff, count: 8) + [0x01])
  }
}
