/// Which entries of a header are scales, and of what.
struct ScaleEntries {
  /// By the index of the entry that is scaled.
  private var scales: [Int: Int] = [:]
  private var indices: Set<Int> = []

  /// Whether the entry holds scales.
  func isScale(_ index: Int) -> Bool { indices.contains(index) }

  /// The entry with the scales of an I8 entry.
  func index(ofScaleFor index: Int) -> Int {
    guard let scale = scales[index] else { preconditionFailure("entry \(index) has no scales") }
    return scale
  }

  fileprivate mutating func pair(_ index: Int, with scale: Int) {
    scales[index] = scale
    indices.insert(scale)
  }
}

extension TensorHeader {
  /// The name of the tensor with the scales of an I8 tensor.
  static func scaleName(of name: String) -> String { name + ".scale" }

  /// Each I8 entry has its scales, and no other entry has any.
  func scaleEntries() throws(TensorFileError) -> ScaleEntries {
    var result = ScaleEntries()
    guard entries.contains(where: { $0.dtype == .i8 }) else { return result }
    // By bytes: names that differ in them can be one Swift string.
    var positions: [[UInt8]: Int] = [:]
    for (index, entry) in entries.enumerated() { positions[Array(entry.name.utf8)] = index }
    for (index, entry) in entries.enumerated() {
      let scaleName = Self.scaleName(of: entry.name)
      let scale = positions[Array(scaleName.utf8)]
      guard entry.dtype == .i8 else {
        if scale != nil {
          throw .unexpectedScale(tensor: scaleName, scaled: entry.name, type: entry.dtype.headerName)
        }
        continue
      }
      guard entry.shape.count == 2 else { throw .quantizedShape(tensor: entry.name, found: entry.shape) }
      guard let scale else { throw .missingScale(tensor: entry.name, scale: scaleName) }
      let found = entries[scale]
      guard found.dtype == .f32, found.shape == [entry.shape[0]] else {
        throw .scaleForm(
          tensor: scaleName, expected: entry.shape[0], type: found.dtype.headerName, shape: found.shape)
      }
      result.pair(index, with: scale)
    }
    return result
  }
}
