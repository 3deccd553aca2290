/// How a tensor's numbers are stored on disk. In memory they are always 32-bit.
public enum TensorType: String, Codable, Sendable, CaseIterable {
  /// IEEE 754 binary32.
  case f32
  /// IEEE 754 binary16; rounded to nearest, ties to even, when written.
  case f16

  /// The name in a tensor file's header.
  var headerName: String {
    switch self {
    case .f32: "F32"
    case .f16: "F16"
    }
  }

  /// Bytes of one number.
  public var byteWidth: Int {
    switch self {
    case .f32: 4
    case .f16: 2
    }
  }

  init?(headerName: String) {
    guard let found = Self.allCases.first(where: { $0.headerName == headerName }) else { return nil }
    self = found
  }
}

/// A named, row-major array of numbers.
public struct Tensor: Sendable, Equatable {
  public var name: String
  /// Sizes of the dimensions, outermost first; none for a single number.
  public var shape: [Int]
  /// How it is stored; `values` are 32-bit whatever this is.
  public var dtype: TensorType
  /// The numbers, as many as the product of `shape`.
  public var values: [Float]

  public init(name: String, shape: [Int], dtype: TensorType = .f32, values: [Float]) {
    self.name = name
    self.shape = shape
    self.dtype = dtype
    self.values = values
  }
}

/// A file of named tensors: eight bytes of header length, a JSON header, then the numbers, little-endian.
///
/// The format is safetensors, so other tools open these files. Reading is stricter than the format asks: each tensor is
/// F32 or F16 and holds at least one number, the data is covered without hole or overlap, and every limit is checked
/// before memory is taken.
public struct TensorFile: Sendable, Equatable {
  /// Free text, stored under `__metadata__`.
  public var metadata: [String: String]
  /// The tensors, in the order of the header.
  public var tensors: [Tensor]

  public init(tensors: [Tensor] = [], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The tensor of this name. Linear in the number of tensors.
  public subscript(name: String) -> Tensor? {
    tensors.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// Numbers in all tensors together.
  public var parameterCount: Int { tensors.reduce(0) { $0 + $1.values.count } }
}
