import FileAccess

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

/// A named, row-major array of numbers.
public struct Tensor: Sendable {
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

  /// The numbers as a file holds them: those of the file that was read when `dtype` is still its own, new ones otherwise.
  package var stored: StoredNumbers {
    fileNumbers ?? StoredNumbers(encoding: values, rowWidth: shape.last ?? 1, as: dtype)
  }

  /// The numbers of the file that was read, when `dtype` is still its own.
  var fileNumbers: StoredNumbers? {
    guard case .stored(let stored) = content, stored.dtype == dtype else { return nil }
    return stored
  }
}

extension Tensor: Equatable {
  public static func == (lhs: Tensor, rhs: Tensor) -> Bool {
    lhs.name == rhs.name && lhs.shape == rhs.shape && lhs.dtype == rhs.dtype && lhs.values == rhs.values
  }
}

/// Numbers as a file holds them, little-endian: a part of its bytes, which all tensors of the file share.
package struct StoredNumbers: Sendable {
  package let bytes: ArraySlice<UInt8>
  package let dtype: TensorType
  /// Of each row, with `i8`; else empty.
  package let scales: [Float]

  init(bytes: ArraySlice<UInt8>, dtype: TensorType, scales: [Float] = []) {
    self.bytes = bytes
    self.dtype = dtype
    self.scales = scales
  }

  /// Rounds `values` to `dtype`.
  init(encoding values: [Float], rowWidth: Int, as dtype: TensorType) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * dtype.byteWidth)
    switch dtype {
    case .f32:
      #if _endian(big)
        let values = values.map { $0.bitPattern.littleEndian }
      #endif
      values.withUnsafeBytes { bytes.append(contentsOf: $0) }
    case .f16: HalfPrecision.append(values, to: &bytes)
    case .i8:
      let rows = RowQuantization(values, rowWidth: rowWidth)
      self.init(bytes: rows.bytes[...], dtype: dtype, scales: rows.scales)
      return
    case .u8: for value in values { bytes.append(value > 0 ? UInt8(min(value, 255).rounded()) : 0) }
    }
    self.init(bytes: bytes[...], dtype: dtype)
  }

  var count: Int { bytes.count / dtype.byteWidth }

  var values: [Float] {
    bytes.withUnsafeBytes { bytes in
      switch dtype {
      case .f32: Self.floats(bytes)
      case .f16: HalfPrecision.widen(bytes, count: count)
      case .i8: RowQuantization.widen(bytes, scales: scales)
      case .u8: bytes.map { Float($0) }
      }
    }
  }

  /// NaN and infinities: numbers whose exponent is all ones.
  var nonFiniteCount: Int {
    bytes.withUnsafeBytes { bytes in
      switch dtype {
      case .f32: Self.count(ofExponent: 0x7f80_0000 as UInt32, in: bytes)
      case .f16: Self.count(ofExponent: 0x7c00 as UInt16, in: bytes)
      case .i8, .u8: 0
      }
    }
  }

  /// Words at `bytes`, little-endian and not aligned, that have all bits of `exponent`, those below the sign.
  private static func count<Word: FixedWidthInteger & UnsignedInteger>(
    ofExponent exponent: Word, in bytes: UnsafeRawBufferPointer
  ) -> Int {
    let width = MemoryLayout<Word>.size
    let words = bytes.count / width
    func masked(_ index: Int) -> Word {
      Word(littleEndian: bytes.loadUnaligned(fromByteOffset: index &* width, as: Word.self)) & exponent
    }
    // The lowest bit added to an exponent of ones carries into the sign. Without a branch this becomes vector code:
    // 6.7 MB in 0.2 ms.
    let lowest = exponent & (~exponent &+ 1)
    var carries: Word = 0
    var index = 0
    while index < words {
      carries |= masked(index) &+ lowest
      index &+= 1
    }
    guard carries.leadingZeroBitCount == 0 else { return 0 }
    return (0..<words).count { masked($0) == exponent }
  }

  private static func floats(_ source: UnsafeRawBufferPointer) -> [Float] {
    // The initializer below writes to the storage that all empty arrays share: a race, if a harmless one.
    guard source.count >= 4 else { return [] }
    return [Float](unsafeUninitializedCapacity: source.count / 4) { output, filled in
      MemoryAdvice.willFill(UnsafeMutableRawBufferPointer(output))
      UnsafeMutableRawBufferPointer(output).copyMemory(from: source)
      #if _endian(big)
        for index in output.indices {
          output[index] = Float(bitPattern: UInt32(littleEndian: output[index].bitPattern))
        }
      #endif
      filled = output.count
    }
  }
}

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
