/// A weight that is packed, as it stands, when it is first asked for: only the way back needs it.
package final class PackedOnDemand: Sendable {
  private let parameters: ParameterSet
  private let index: Int
  private let rows: Range<Int>
  private let kernels: KernelSet
  private let packed = Guarded<PackedMatrix?>(nil)

  /// - Parameter rows: of the parameter `[n, k]`; `nil` for all.
  package init(_ parameters: ParameterSet, index: Int, rows: Range<Int>? = nil, kernels: KernelSet) {
    self.parameters = parameters
    self.index = index
    self.rows = rows ?? 0..<parameters.specs[index].shape[0]
    self.kernels = kernels
  }

  /// Takes a lock: ask once for a whole window.
  package var matrix: PackedMatrix {
    packed.withLock { packed in
      if let packed { return packed }
      let columns = parameters.specs[index].shape[1]
      let new = parameters.values.withUnsafeBufferPointer { values in
        PackedMatrix(
          values.baseAddress.unsafelyUnwrapped + parameters.offsets[index] + rows.lowerBound * columns,
          rows: rows.count, columns: columns, kernels: kernels)
      }
      packed = new
      return new
    }
  }
}
