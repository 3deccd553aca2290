import ModelPackage
import RecurrentNumerics

/// The rows of an embedding, `[vocabulary, width]`, as training or a package holds them.
///
/// A text needs a few hundred rows of many thousands, so a package's numbers stay the bytes of its file, 4, 2 or 1 a
/// number, and only rows that are asked for become `Float`: exactly, whatever they are stored as.
public struct EmbeddingTable: Sendable {
  /// Numbers in a row.
  public let width: Int
  /// Words.
  public let rowCount: Int
  private let storage: Storage

  private enum Storage: Sendable {
    case values([Float])
    case float32(ArraySlice<UInt8>)
    case float16(ArraySlice<UInt8>)
    /// With the scale of each row.
    case int8(ArraySlice<UInt8>, scales: [Float])
  }

  /// A table that shares the memory of `parameters`: one parameter, `[vocabulary, width]`.
  package init(_ parameters: ParameterSet) {
    rowCount = parameters.specs[0].shape[0]
    width = parameters.specs[0].shape[1]
    storage = .values(parameters.values)
  }

  /// A table that shares the memory of a package's tensor, `[vocabulary, width]`.
  package init(_ tensor: Tensor) {
    precondition(tensor.shape.count == 2, "an embedding of shape \(tensor.shape)")
    rowCount = tensor.shape[0]
    width = tensor.shape[1]
    let stored = tensor.stored
    switch stored.dtype {
    case .f32: storage = .float32(stored.bytes)
    case .f16: storage = .float16(stored.bytes)
    case .i8: storage = .int8(stored.bytes, scales: stored.scales)
    case .u8: preconditionFailure("an embedding of bytes; packages that have one are refused")
    }
  }

  /// Writes the row of each token to a row of `rows`, `[tokens, width]`.
  package func copyRows(of tokens: some Sequence<Int32>, into rows: Matrix, kernels: KernelSet) {
    precondition(rows.columns == width)
    let count = width
    func copy(_ write: (_ token: Int, _ row: UnsafeMutablePointer<Float>) -> Void) {
      for (row, token) in tokens.enumerated() {
        precondition(token >= 0 && token < rowCount, "token \(token) of \(rowCount) words")
        write(Int(token), rows.row(row))
      }
    }
    switch storage {
    case .values(let values):
      values.withUnsafeBufferPointer { table in
        guard let base = table.baseAddress else { return }
        copy { $1.update(from: base + $0 * count, count: count) }
      }
    case .float32(let bytes):
      bytes.withUnsafeBytes { table in
        guard let base = table.baseAddress else { return }
        copy { UnsafeMutableRawPointer($1).copyMemory(from: base + $0 * count * 4, byteCount: count * 4) }
      }
    case .float16(let bytes):
      bytes.withUnsafeBytes { table in
        guard let base = table.baseAddress else { return }
        copy { kernels.widen(halves: base + $0 * count * 2, count: count, into: $1) }
      }
    case .int8(let bytes, let scales):
      bytes.withUnsafeBytes { table in
        guard let base = table.baseAddress else { return }
        copy { kernels.widen(int8: base + $0 * count, scale: scales[$0], count: count, into: $1) }
      }
    }
  }
}
