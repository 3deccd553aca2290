/// A named, row-major array of numbers.
public struct Tensor: Sendable {
  /// Its key in the header: 1 to 256 bytes without controls, checked when a file is read or written.
  public var name: String
  /// Sizes of the dimensions, outermost first; none for a single number.
  public var shape: [Int]
  /// How it is stored in a file that is written; `values` are 32-bit whatever this is.
  public var dtype: TensorType
  private var content: Content

  private enum Content: Sendable {
    case values([Float])
    case stored(StoredNumbers)
  }

  /// Takes everything as it is. That `values` are as many as the product of `shape`, and that `dtype` can
  /// hold them, is checked when a file is written.
  public init(name: String, shape: [Int], dtype: TensorType = .f32, values: [Float]) {
    self.name = name
    self.shape = shape
    self.dtype = dtype
    content = .values(values)
  }

  /// A tensor of bytes.
  package init(name: String, shape: [Int], bytes: [UInt8]) {
    self.init(name: name, shape: shape, stored: StoredNumbers(bytes: bytes[...], dtype: .u8))
  }

  init(name: String, shape: [Int], stored: StoredNumbers) {
    self.name = name
    self.shape = shape
    dtype = stored.dtype
    content = .stored(stored)
  }

  /// The tensor with its numbers as `dtype` holds them: what a file of it reads back as.
  package func rounded() -> Tensor { Tensor(name: name, shape: shape, stored: stored) }

  /// Refuses finite numbers that `f16` would make infinite.
  package func checkHalfPrecision() throws(TensorFileError) {
    guard dtype == .f16 else { return }
    // 65,520 is the first number that rounds to infinity.
    let beyond = values.count { $0.isFinite && $0.magnitude >= 65_520 }
    guard beyond == 0 else { throw .beyondHalfPrecision(tensor: name, count: beyond) }
  }

  /// The numbers, as many as the product of `shape`, scales applied. Those of a file are made from its bytes each time.
  public var values: [Float] {
    get {
      switch content {
      case .values(let values): values
      case .stored(let stored): stored.values
      }
    }
    set { content = .values(newValue) }
  }

  /// How many numbers there are.
  public var count: Int {
    switch content {
    case .values(let values): values.count
    case .stored(let stored): stored.count
    }
  }

  /// The numbers as a file holds them: those of the file that was read when `dtype` and rows are still its own, new ones otherwise.
  package var stored: StoredNumbers {
    fileNumbers ?? StoredNumbers(encoding: values, rowWidth: shape.last ?? 1, as: dtype)
  }

  /// The numbers of the file that was read, when `dtype` and rows are still its own.
  var fileNumbers: StoredNumbers? {
    guard case .stored(let stored) = content, stored.dtype == dtype,
      dtype != .i8 || stored.scales.count == shape.first
    else { return nil }
    return stored
  }
}

extension Tensor: Equatable {
  /// Whether name, shape, type and numbers are the same, of a file or not; a NaN equals none. Numbers of a
  /// file are made for it.
  public static func == (lhs: Tensor, rhs: Tensor) -> Bool {
    lhs.name == rhs.name && lhs.shape == rhs.shape && lhs.dtype == rhs.dtype && lhs.values == rhs.values
  }
}
