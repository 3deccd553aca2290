import StrictJSON

extension TensorFile {
  /// The bytes of the file: `__metadata__` first (when there is any, keys sorted), then the tensors in their order, scales
  /// after what they scale; the header is filled up with spaces so that the data starts at a multiple of 8. The data has
  /// the order of the header, but 8-bit integers follow all the rest, whose alignment they would break. The same tensors
  /// give the same bytes.
  public func bytes(limits: TensorFileLimits = .package) throws(TensorFileError) -> [UInt8] {
    let entryCount = tensors.count + tensors.count { $0.dtype == .i8 }
    guard entryCount <= limits.tensors else { throw .tooManyTensors(entryCount, limit: limits.tensors) }
    var names: Set<[UInt8]> = []
    var object = JSONObject()
    if !metadata.isEmpty {
      var values = JSONObject()
      for (key, text) in metadata.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
        values[key] = .string(text)
      }
      object[TensorHeader.metadataKey] = .object(values)
    }
    var parts: [Part] = []
    for tensor in tensors {
      try check(tensor, limits: limits)
      parts += try Self.parts(of: tensor, limits: limits)
    }
    for part in parts {
      guard names.insert(Array(part.name.utf8)).inserted else { throw .duplicateName(part.name) }
    }
    var offset = 0
    let dataOrder =
      parts.indices.filter { parts[$0].dtype.byteWidth > 1 }
      + parts.indices.filter { parts[$0].dtype.byteWidth == 1 }
    for index in dataOrder {
      parts[index].offset = offset
      offset += parts[index].byteCount
    }
    var header = headerBytes(metadata: object, parts)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    guard header.count <= limits.headerBytes else {
      throw .headerLength(UInt64(header.count), limit: limits.headerBytes)
    }
    guard 8 + header.count + offset <= limits.fileBytes else {
      throw .tooLarge(bytes: 8 + header.count + offset, limit: limits.fileBytes)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: header.count >> (8 * shift))) }
    bytes += header
    for index in dataOrder { Self.append(parts[index].numbers, to: &bytes) }
    return bytes
  }

  /// An entry of the header and what it stands for.
  private struct Part {
    enum Numbers {
      case values([Float])
      case stored(ArraySlice<UInt8>)
    }

    let name: String
    let dtype: TensorType
    let shape: [Int]
    let numbers: Numbers
    let byteCount: Int
    var offset = 0

    init(_ name: String, _ dtype: TensorType, _ shape: [Int], _ numbers: Numbers) {
      self.name = name
      self.dtype = dtype
      self.shape = shape
      self.numbers = numbers
      switch numbers {
      case .values(let values): byteCount = 4 * values.count
      case .stored(let bytes): byteCount = bytes.count
      }
    }

    var entry: JSONObject {
      var entry = JSONObject()
      entry["dtype"] = .string(dtype.headerName)
      entry["shape"] = .array(shape.map { .integer(Int64($0)) })
      entry["data_offsets"] = .array([.integer(Int64(offset)), .integer(Int64(offset + byteCount))])
      return entry
    }
  }

  private static func parts(of tensor: Tensor, limits: TensorFileLimits) throws(TensorFileError) -> [Part] {
    if tensor.dtype == .f32 && tensor.fileNumbers == nil {
      return [Part(tensor.name, .f32, tensor.shape, .values(tensor.values))]
    }
    let stored = tensor.stored
    let part = Part(tensor.name, tensor.dtype, tensor.shape, .stored(stored.bytes))
    guard tensor.dtype == .i8 else { return [part] }
    let scaleName = TensorHeader.scaleName(of: tensor.name)
    guard TensorHeader.isValid(name: scaleName, limit: limits.nameBytes) else {
      throw .name(scaleName, limit: limits.nameBytes)
    }
    return [part, Part(scaleName, .f32, [stored.scales.count], .values(stored.scales))]
  }

  /// Joined by hand: looking every name up in one large object would take quadratic time.
  private func headerBytes(metadata: JSONObject, _ parts: [Part]) -> [UInt8] {
    var header: [UInt8] = [UInt8(ascii: "{")]
    for member in metadata {
      JSONValue.appendString(member.key, to: &header)
      header.append(UInt8(ascii: ":"))
      header += member.value.compactBytes()
    }
    for part in parts {
      if header.count > 1 { header.append(UInt8(ascii: ",")) }
      JSONValue.appendString(part.name, to: &header)
      header.append(UInt8(ascii: ":"))
      header += JSONValue.object(part.entry).compactBytes()
    }
    header.append(UInt8(ascii: "}"))
    return header
  }

  private func check(_ tensor: Tensor, limits: TensorFileLimits) throws(TensorFileError) {
    guard TensorHeader.isValid(name: tensor.name, limit: limits.nameBytes),
      tensor.name != TensorHeader.metadataKey
    else { throw .name(tensor.name, limit: limits.nameBytes) }
    guard tensor.shape.count <= limits.dimensions else {
      throw .tooManyDimensions(tensor: tensor.name, count: tensor.shape.count, limit: limits.dimensions)
    }
    for size in tensor.shape where size < 1 { throw .dimension(tensor: tensor.name, found: Int64(size)) }
    guard let count = TensorShape.elementCount(tensor.shape) else {
      throw .shapeOverflow(tensor: tensor.name, shape: tensor.shape)
    }
    guard count == tensor.count else {
      let width = tensor.dtype.byteWidth
      throw .sizeMismatch(
        tensor: tensor.name, shape: tensor.shape,
        expected: count.multipliedReportingOverflow(by: width).partialValue, found: tensor.count * width)
    }
    if tensor.dtype == .i8 {
      guard tensor.shape.count == 2 else {
        throw .quantizedShape(tensor: tensor.name, found: tensor.shape)
      }
      // Those of a file were checked when it was read.
      if tensor.fileNumbers != nil { return }
    }
    if tensor.dtype == .u8 {
      guard tensor.fileNumbers == nil else { return }
      let count = tensor.values.count { !(0...255).contains($0) || $0 != $0.rounded() }
      guard count == 0 else { throw .byteValue(tensor: tensor.name, count: count) }
      return
    }
    if limits.allowsNonFinite && tensor.dtype == .f32 { return }
    let values = tensor.values
    if !limits.allowsNonFinite || tensor.dtype == .i8 {
      let count = values.count { !$0.isFinite }
      guard count == 0 else { throw .nonFinite(tensor: tensor.name, count: count) }
    }
    try tensor.checkHalfPrecision()
  }

  private static func append(_ numbers: Part.Numbers, to bytes: inout [UInt8]) {
    switch numbers {
    case .stored(let stored): bytes += stored
    case .values(let values):
      #if _endian(big)
        let values = values.map { $0.bitPattern.littleEndian }
      #endif
      values.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
  }
}
