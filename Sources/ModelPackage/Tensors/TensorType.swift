/// How a tensor's numbers are stored on disk. In memory they are always 32-bit.
public enum TensorType: String, Codable, Sendable, CaseIterable {
  /// IEEE 754 binary32.
  case f32
  /// IEEE 754 binary16; rounded to nearest, ties to even, when written.
  case f16
  /// Integers from -127 to 127 times a scale for each row of a matrix, which stands beside them as a tensor of its own;
  /// rounded as `RowQuantization` says when written.
  case i8
  /// Bytes that are no weights: what they mean is for their owner to say.
  case u8

  /// Those that hold numbers of a network.
  public static let ofWeights: [TensorType] = [.f32, .f16, .i8]

  /// The name in a tensor file's header.
  var headerName: String {
    switch self {
    case .f32: "F32"
    case .f16: "F16"
    case .i8: "I8"
    case .u8: "U8"
    }
  }

  /// Bytes of one number.
  public var byteWidth: Int {
    switch self {
    case .f32: 4
    case .f16: 2
    case .i8, .u8: 1
    }
  }

  var isFloatingPoint: Bool { self == .f32 || self == .f16 }

  init?(headerName: String) {
    guard let found = Self.allCases.first(where: { $0.headerName == headerName }) else { return nil }
    self = found
  }
}
