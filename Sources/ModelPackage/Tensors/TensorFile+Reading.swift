import StrictJSON

extension TensorFile {
  /// Reads a tensor file.
  ///
  /// Cost: one pass over the data. Memory: none but `bytes`, of which each tensor keeps a part; `Tensor.values` makes
  /// numbers of it when they are asked for.
  public init(parsing bytes: [UInt8], limits: TensorFileLimits = .package) throws(TensorFileError) {
    guard bytes.count <= limits.fileBytes else {
      throw .tooLarge(bytes: bytes.count, limit: limits.fileBytes)
    }
    let header = try TensorHeader(bytes, limits: limits)
    metadata = header.metadata
    tensors = []
    tensors.reserveCapacity(header.entries.count)
    let scales = try header.scaleEntries()
    for (index, entry) in header.entries.enumerated() where !scales.isScale(index) {
      var stored = try header.numbers(of: entry, in: bytes, limits: limits)
      if entry.dtype == .i8 {
        let scale = header.entries[scales.index(ofScaleFor: index)]
        let values = try header.numbers(of: scale, in: bytes, limits: limits).values
        stored = StoredNumbers(bytes: stored.bytes, dtype: .i8, scales: values)
        try RowQuantization.check(stored, tensor: entry.name, scaleTensor: scale.name)
      }
      tensors.append(Tensor(name: entry.name, shape: entry.shape, stored: stored))
    }
  }
}
