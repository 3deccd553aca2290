/// What a tensor file may cost to read, and whether it may hold what is no number.
public struct TensorFileLimits: Sendable, Equatable {
  /// Bytes of the whole file.
  public var fileBytes: Int
  /// Bytes of the JSON header.
  public var headerBytes: Int
  /// Tensors in the header: the scales of I8 tensors count, `__metadata__` does not.
  public var tensors: Int
  /// Dimensions of one tensor.
  public var dimensions: Int
  /// Bytes of one tensor's name.
  public var nameBytes: Int
  /// Whether NaN and infinities are kept instead of refused.
  public var allowsNonFinite: Bool
  /// Whether BF16 and F64 are read too, as 32-bit numbers; bytes and integers are refused then.
  public var readsForeignNumbers: Bool

  /// The limits of `package`, but for those that are given.
  public init(
    fileBytes: Int = 512 << 20, headerBytes: Int = 8 << 20, tensors: Int = 4_096, dimensions: Int = 8,
    nameBytes: Int = 256, allowsNonFinite: Bool = false, readsForeignNumbers: Bool = false
  ) {
    self.fileBytes = fileBytes
    self.headerBytes = headerBytes
    self.tensors = tensors
    self.dimensions = dimensions
    self.nameBytes = nameBytes
    self.allowsNonFinite = allowsNonFinite
    self.readsForeignNumbers = readsForeignNumbers
  }

  /// The weights of a package: 512 MiB, a header of 8 MiB, 4,096 tensors, finite numbers only.
  public static let package = TensorFileLimits()
  /// Another system's state dict, which may be of 64-bit numbers: 1 GiB, finite numbers only.
  public static let stateDict = TensorFileLimits(fileBytes: 1 << 30, readsForeignNumbers: true)
  /// A training checkpoint, which also holds the optimiser's moments: 8 GiB, and NaN is kept for inspection. The header, of
  /// 64 MiB, has room for the figures of 100,000 epochs.
  public static let checkpoint = TensorFileLimits(
    fileBytes: 8 << 30, headerBytes: 64 << 20, tensors: 16_384, allowsNonFinite: true)
}
