import StrictJSON

extension TensorFileError: CustomStringConvertible {
  /// One line: what is wrong and, where it is the fault of one tensor, its name, escaped.
  public var description: String {
    switch self {
    case .tooLarge(let bytes, let limit): "\(bytes) bytes of tensors (limit \(limit))"
    case .truncatedLength(let bytes):
      "\(bytes) bytes are too few for a tensor file, which starts with 8 bytes of length"
    case .headerLength(let length, let limit): "header of \(length) bytes (limit \(limit))"
    case .headerBeyondEnd(let header, let available):
      "header of \(header) bytes, but only \(available) bytes follow: the file is truncated"
    case .header(let error): "header is not valid JSON: \(error)"
    case .headerNotObject: "header is not a JSON object"
    case .metadataNotStrings: "__metadata__ may hold strings only"
    case .tooManyTensors(let count, let limit): "\(count) tensors (limit \(limit))"
    case .name(let name, let limit):
      "tensor name \(EscapedText(name)) is empty, has control characters or is too long (limit \(limit) bytes)"
    case .duplicateName(let name): "two tensors have the name \(EscapedText(name))"
    case .entry(let tensor, let key, let expected):
      "tensor \(EscapedText(tensor)): \(key) must be \(expected)"
    case .unknownKey(let tensor, let key): "tensor \(EscapedText(tensor)): unknown key \(EscapedText(key))"
    case .unsupportedType(let tensor, let found):
      "tensor \(EscapedText(tensor)) has type \(EscapedText(found)), expected F32, F16, I8 or U8"
    case .notFloatingPoint(let tensor, let found):
      "tensor \(EscapedText(tensor)) has type \(EscapedText(found)), expected F32, F16, BF16 or F64"
    case .tooManyDimensions(let tensor, let count, let limit):
      "tensor \(EscapedText(tensor)) has \(count) dimensions (limit \(limit))"
    case .dimension(let tensor, let found):
      "tensor \(EscapedText(tensor)) has a dimension of \(found), expected at least 1"
    case .shapeOverflow(let tensor, let shape):
      "tensor \(EscapedText(tensor)): shape \(shape) is larger than any file"
    case .offsets(let tensor, let begin, let end, let available):
      "tensor \(EscapedText(tensor)): data from \(begin) to \(end) is not within the \(available) bytes of data"
    case .sizeMismatch(let tensor, let shape, let expected, let found):
      "tensor \(EscapedText(tensor)): shape \(shape) needs \(expected) bytes, found \(found)"
    case .overlap(let tensor, let begin, let previousEnd):
      "tensor \(EscapedText(tensor)) starts at \(begin), inside the one that ends at \(previousEnd)"
    case .hole(let tensor, let begin, let previousEnd):
      "tensor \(EscapedText(tensor)) starts at \(begin), leaving a hole after \(previousEnd)"
    case .tail(let covered, let available):
      "tensors cover \(covered) bytes of data, but \(available) are there"
    case .nonFinite(let tensor, let count):
      "tensor \(EscapedText(tensor)) has \(count) non-finite \(count == 1 ? "value" : "values")"
    case .beyondHalfPrecision(let tensor, let count):
      "tensor \(EscapedText(tensor)) has \(count) \(count == 1 ? "value" : "values") beyond 65504, too large for f16"
    case .byteValue(let tensor, let count):
      "tensor \(EscapedText(tensor)) has \(count) \(count == 1 ? "value" : "values") that no byte holds"
    case .quantizedShape(let tensor, let found):
      "tensor \(EscapedText(tensor)) is I8 with shape \(found), expected two dimensions"
    case .missingScale(let tensor, let scale):
      "tensor \(EscapedText(tensor)) is I8, but tensor \(EscapedText(scale)) is missing"
    case .unexpectedScale(let tensor, let scaled, let type):
      "tensor \(EscapedText(tensor)) scales nothing: \(EscapedText(scaled)) is \(type), not I8"
    case .scaleForm(let tensor, let expected, let type, let shape):
      "tensor \(EscapedText(tensor)) is \(type) \(shape), expected F32 [\(expected)]"
    case .scale(let tensor, let row, let found):
      "tensor \(EscapedText(tensor)): \(found) in row \(row) is no scale, expected 0 or a normal number of at most 17 bits, up to \(RowQuantization.largestScale)"
    case .quantizedValue(let tensor, let row, let column):
      "tensor \(EscapedText(tensor)): -128 in row \(row), column \(column), expected -127 to 127"
    case .quantizedRow(let tensor, let row, let expected, let found):
      "tensor \(EscapedText(tensor)): the largest magnitude in row \(row) is \(found), its scale needs \(expected)"
    }
  }
}
