import StrictJSON

/// Why bytes are no tensor file, or tensors have no file.
public enum TensorFileError: Error, Equatable, Sendable {
  case tooLarge(bytes: Int, limit: Int)
  case truncatedLength(bytes: Int)
  case headerLength(UInt64, limit: Int)
  case headerBeyondEnd(header: UInt64, available: Int)
  case header(JSONError)
  case headerNotObject
  case metadataNotStrings
  case tooManyTensors(Int, limit: Int)
  case name(String, limit: Int)
  case duplicateName(String)
  /// The entry lacks a key, or holds a value of another kind.
  case entry(tensor: String, key: String, expected: String)
  case unknownKey(tensor: String, key: String)
  case unsupportedType(tensor: String, found: String)
  /// Another system's tensor that holds no floating-point numbers.
  case notFloatingPoint(tensor: String, found: String)
  case tooManyDimensions(tensor: String, count: Int, limit: Int)
  case dimension(tensor: String, found: Int64)
  /// The product of the dimensions is beyond any file.
  case shapeOverflow(tensor: String, shape: [Int])
  case offsets(tensor: String, begin: Int64, end: Int64, available: Int)
  case sizeMismatch(tensor: String, shape: [Int], expected: Int, found: Int)
  case overlap(tensor: String, begin: Int, previousEnd: Int)
  case hole(tensor: String, begin: Int, previousEnd: Int)
  case tail(covered: Int, available: Int)
  case nonFinite(tensor: String, count: Int)
  /// A number too large for the 16-bit type the tensor asks for.
  case beyondHalfPrecision(tensor: String, count: Int)
  /// Values of a U8 tensor that are no integers from 0 to 255.
  case byteValue(tensor: String, count: Int)
  /// An I8 tensor that is no matrix.
  case quantizedShape(tensor: String, found: [Int])
  case missingScale(tensor: String, scale: String)
  /// Scales of a tensor that is not I8.
  case unexpectedScale(tensor: String, scaled: String, type: String)
  case scaleForm(tensor: String, expected: Int, type: String, shape: [Int])
  case scale(tensor: String, row: Int, found: Float)
  /// -128, which has no counterpart.
  case quantizedValue(tensor: String, row: Int, column: Int)
  /// The largest magnitude of a row is not what its scale says.
  case quantizedRow(tensor: String, row: Int, expected: Int, found: Int)
}
