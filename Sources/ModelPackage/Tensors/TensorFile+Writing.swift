import StrictJSON

extension TensorFile {
  /// The bytes of the file: `__metadata__` first (when there is any, keys sorted), then the tensors in their order; the
  /// header is filled up with spaces so that the data starts at a multiple of 8. The same tensors give the same bytes.
  public func bytes(limits: TensorFileLimits = .package) throws(TensorFileError) -> [UInt8] {
    guard tensors.count <= limits.tensors else {
      throw .tooManyTensors(tensors.count, limit: limits.tensors)
    }
    var names: Set<[UInt8]> = []
    var object = JSONObject()
    if !metadata.isEmpty {
      var values = JSONObject()
      for (key, text) in metadata.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
        values[key] = .string(text)
      }
      object[TensorHeader.metadataKey] = .object(values)
    }
    var entries: [JSONObject] = []
    var offset = 0
    for tensor in tensors {
      try check(tensor, limits: limits)
      guard names.insert(Array(tensor.name.utf8)).inserted else { throw .duplicateName(tensor.name) }
      let end = offset + tensor.count * tensor.dtype.byteWidth
      var entry = JSONObject()
      entry["dtype"] = .string(tensor.dtype.headerName)
      entry["shape"] = .array(tensor.shape.map { .integer(Int64($0)) })
      entry["data_offsets"] = .array([.integer(Int64(offset)), .integer(Int64(end))])
      entries.append(entry)
      offset = end
    }
    var header = headerBytes(metadata: object, entries: entries)
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
    for tensor in tensors { Self.append(tensor, to: &bytes) }
    return bytes
  }

  /// Joined by hand: looking every name up in one large object would take quadratic time.
  private func headerBytes(metadata: JSONObject, entries: [JSONObject]) -> [UInt8] {
    var header: [UInt8] = [UInt8(ascii: "{")]
    for member in metadata {
      JSONValue.appendString(member.key, to: &header)
      header.append(UInt8(ascii: ":"))
      header += member.value.compactBytes()
    }
    for (tensor, entry) in zip(tensors, entries) {
      if header.count > 1 { header.append(UInt8(ascii: ",")) }
      JSONValue.appendString(tensor.name, to: &header)
      header.append(UInt8(ascii: ":"))
      header += JSONValue.object(entry).compactBytes()
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
    if limits.allowsNonFinite && tensor.dtype == .f32 { return }
    let values = tensor.values
    if !limits.allowsNonFinite {
      let count = values.count { !$0.isFinite }
      guard count == 0 else { throw .nonFinite(tensor: tensor.name, count: count) }
    }
    if tensor.dtype == .f16 {
      // 65,520 is the first number that rounds to infinity.
      let beyond = values.count { $0.isFinite && $0.magnitude >= 65_520 }
      guard beyond == 0 else { throw .beyondHalfPrecision(tensor: tensor.name, count: beyond) }
    }
  }

  private static func append(_ tensor: Tensor, to bytes: inout [UInt8]) {
    if let stored = tensor.storedBytes {
      bytes += stored
      return
    }
    switch tensor.dtype {
    case .f16: HalfPrecision.append(tensor.values, to: &bytes)
    case .f32:
      #if _endian(big)
        let values = tensor.values.map { $0.bitPattern.littleEndian }
      #else
        let values = tensor.values
      #endif
      values.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
  }
}
