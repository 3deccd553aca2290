import StrictJSON

/// The first byte of the first sequence in `bytes` that is not UTF-8; `nil` where all is.
func firstInvalidUTF8(in bytes: UnsafeBufferPointer<UInt8>) -> RecordFault? {
  UTF8Validation.firstInvalidOffset(in: bytes).map { .invalidUTF8(byte: bytes[$0], offset: $0) }
}
