import StrictJSON

extension RecordReader {
  func parseObject(_ bytes: UnsafeBufferPointer<UInt8>) -> ParsedRecord { ParsedRecord(.malformedJSON("")) }
}
