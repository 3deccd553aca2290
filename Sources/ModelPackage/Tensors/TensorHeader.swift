import StrictJSON

/// The checked header of a tensor file.
struct TensorHeader {
  struct Entry {
    var name: String
    /// Of the numbers as they are read.
    var dtype: TensorType
    /// Of the numbers in the file, where packages have no such type.
    var foreignType: ForeignTensorType?
    var shape: [Int]
    /// Product of `shape`.
    var count: Int
    /// Bytes, counted from the start of the data.
    var range: Range<Int>
  }

  private(set) var metadata: [String: String] = [:]
  private(set) var entries: [Entry] = []
  /// Offset of the data in the file.
  let dataStart: Int

  static let metadataKey = "__metadata__"
  /// A tensor's entry holds an object with arrays of numbers.
  private static let headerDepth = 3

  init(_ bytes: [UInt8], limits: TensorFileLimits) throws(TensorFileError) {
    guard bytes.count >= 8 else { throw .truncatedLength(bytes: bytes.count) }
    var length: UInt64 = 0
    for index in (0..<8).reversed() { length = length << 8 | UInt64(bytes[index]) }
    guard length >= 2, length <= UInt64(limits.headerBytes) else {
      throw .headerLength(length, limit: limits.headerBytes)
    }
    guard length <= UInt64(bytes.count - 8) else {
      throw .headerBeyondEnd(header: length, available: bytes.count - 8)
    }
    dataStart = 8 + Int(length)
    guard bytes[8] == UInt8(ascii: "{") else { throw .headerNotObject }
    let value: JSONValue
    do {
      value = try JSONValue(
        parsing: bytes[8..<dataStart], limits: JSONLimits(depth: Self.headerDepth, bytes: limits.headerBytes))
    } catch { throw .header(error) }
    guard case .object(let object) = value else { throw .headerNotObject }
    // One member may be the metadata.
    guard object.count <= limits.tensors + 1 else {
      throw .tooManyTensors(object.count, limit: limits.tensors)
    }
    entries.reserveCapacity(object.count)
    let available = bytes.count - dataStart
    for member in object {
      if member.key == Self.metadataKey {
        metadata = try Self.metadata(member.value)
      } else {
        entries.append(try Self.entry(member, available: available, limits: limits))
      }
    }
    guard entries.count <= limits.tensors else {
      throw .tooManyTensors(entries.count, limit: limits.tensors)
    }
    try checkCoverage(available: available)
  }

  private static func metadata(_ value: JSONValue) throws(TensorFileError) -> [String: String] {
    guard case .object(let object) = value else { throw .metadataNotStrings }
    var metadata: [String: String] = [:]
    for member in object {
      guard case .string(let text) = member.value else { throw .metadataNotStrings }
      // Bytes that differ can be one Swift string: refused like any other duplicate.
      guard metadata.updateValue(text, forKey: member.key) == nil else { throw .duplicateName(member.key) }
    }
    return metadata
  }

  private static func entry(
    _ member: JSONObject.Member, available: Int, limits: TensorFileLimits
  ) throws(TensorFileError) -> Entry {
    let name = member.key
    guard isValid(name: name, limit: limits.nameBytes) else { throw .name(name, limit: limits.nameBytes) }
    guard case .object(let object) = member.value else {
      throw .entry(tensor: name, key: "the entry", expected: "an object")
    }
    for key in object.keys where !["dtype", "shape", "data_offsets"].contains(key) {
      throw .unknownKey(tensor: name, key: key)
    }
    guard let typeName = object["dtype"]?.stringValue else {
      throw .entry(tensor: name, key: "dtype", expected: "a string")
    }
    let foreignType = limits.readsForeignNumbers ? ForeignTensorType(rawValue: typeName) : nil
    guard let dtype = foreignType == nil ? TensorType(headerName: typeName) : .f32,
      !limits.readsForeignNumbers || dtype.isFloatingPoint
    else {
      throw limits.readsForeignNumbers
        ? .notFloatingPoint(tensor: name, found: typeName) : .unsupportedType(tensor: name, found: typeName)
    }
    guard let dimensions = object["shape"]?.arrayValue else {
      throw .entry(tensor: name, key: "shape", expected: "an array of integers")
    }
    guard dimensions.count <= limits.dimensions else {
      throw .tooManyDimensions(tensor: name, count: dimensions.count, limit: limits.dimensions)
    }
    var shape: [Int] = []
    for dimension in dimensions {
      guard let size = dimension.integerValue else {
        throw .entry(tensor: name, key: "shape", expected: "an array of integers")
      }
      guard size >= 1, let size = Int(exactly: size) else { throw .dimension(tensor: name, found: size) }
      shape.append(size)
    }
    guard let count = TensorShape.elementCount(shape),
      case (let size, let overflowed) = count.multipliedReportingOverflow(
        by: foreignType?.byteWidth ?? dtype.byteWidth), !overflowed
    else { throw .shapeOverflow(tensor: name, shape: shape) }
    guard let offsets = object["data_offsets"]?.arrayValue, offsets.count == 2,
      let begin = offsets[0].integerValue, let end = offsets[1].integerValue
    else { throw .entry(tensor: name, key: "data_offsets", expected: "two integers") }
    guard begin >= 0, begin <= end, end <= Int64(available) else {
      throw .offsets(tensor: name, begin: begin, end: end, available: available)
    }
    let range = Int(begin)..<Int(end)
    guard range.count == size else {
      throw .sizeMismatch(tensor: name, shape: shape, expected: size, found: range.count)
    }
    return Entry(
      name: name, dtype: dtype, foreignType: foreignType, shape: shape, count: count, range: range)
  }

  /// The numbers of an entry, whose range is within `bytes`.
  func numbers(
    of entry: Entry, in bytes: [UInt8], limits: TensorFileLimits
  ) throws(TensorFileError) -> StoredNumbers {
    let range = dataStart + entry.range.lowerBound..<dataStart + entry.range.upperBound
    let stored = StoredNumbers(
      bytes: entry.foreignType?.float32(bytes[range])[...] ?? bytes[range], dtype: entry.dtype)
    if !limits.allowsNonFinite {
      let count = stored.nonFiniteCount
      guard count == 0 else { throw .nonFinite(tensor: entry.name, count: count) }
    }
    return stored
  }

  /// Tensors cover the data from its start to its end, each byte once.
  private func checkCoverage(available: Int) throws(TensorFileError) {
    var covered = 0
    for entry in entries.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      let begin = entry.range.lowerBound
      guard begin >= covered else { throw .overlap(tensor: entry.name, begin: begin, previousEnd: covered) }
      guard begin == covered else { throw .hole(tensor: entry.name, begin: begin, previousEnd: covered) }
      covered = entry.range.upperBound
    }
    guard covered == available else { throw .tail(covered: covered, available: available) }
  }

  static func isValid(name: String, limit: Int) -> Bool {
    !name.isEmpty && name.utf8.count <= limit && !name.utf8.contains { $0 < 0x20 || $0 == 0x7f }
  }
}
