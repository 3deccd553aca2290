/// A file of named tensors: eight bytes of header length, a JSON header, then the numbers, little-endian.
///
/// The format is safetensors, so other tools open these files. Reading is stricter than the format asks: each tensor is
/// F32, F16, I8 or U8 and holds at least one number, the data is covered without hole or overlap, and every limit is checked
/// before memory is taken.
///
/// An I8 tensor `w`, `[rows, columns]`, has an F32 tensor `w.scale`, `[rows]`, beside it. Here the two are one `Tensor`.
public struct TensorFile: Sendable, Equatable {
  /// Free text, stored under `__metadata__`.
  public var metadata: [String: String]
  /// The tensors, in the order of the header.
  public var tensors: [Tensor]

  /// Checks nothing: `bytes(limits:)` refuses names, shapes and numbers that no file may hold.
  public init(tensors: [Tensor] = [], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The tensor of this name. Linear in the number of tensors.
  public subscript(name: String) -> Tensor? {
    tensors.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// Numbers in all tensors together; scales and bytes are not counted.
  public var parameterCount: Int { tensors.reduce(0) { $0 + ($1.dtype == .u8 ? 0 : $1.count) } }
}
