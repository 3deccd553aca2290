#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A row-major matrix of `Float` in memory that is kept and used again: `[rows, columns]`.
///
/// A matrix is a reference and no `Sendable`: a workspace owns it and lends it to one worker at a time. `reshape` keeps the
/// memory when it is large enough, so a loop that reshapes does not allocate.
public final class Matrix {
  // One worker at a time has a matrix, so accesses cannot overlap; checking each at run time took 4 % of a short text.
  /// 0 or more; `reshape` changes it.
  @exclusivity(unchecked) public private(set) var rows: Int
  /// Numbers of a row, which lie side by side, as rows do; `reshape` changes it.
  @exclusivity(unchecked) public private(set) var columns: Int
  /// 64-byte aligned; valid until the next `reshape`.
  @exclusivity(unchecked) package private(set) var pointer: UnsafeMutablePointer<Float>
  private var capacity: Int

  /// A matrix of zeros.
  public init(rows: Int = 0, columns: Int = 0) {
    self.rows = rows
    self.columns = columns
    capacity = Swift.max(rows * columns, 1)
    pointer = Matrix.allocate(capacity)
    pointer.update(repeating: 0, count: capacity)
  }

  /// A matrix of the given values, row by row.
  public convenience init(rows: Int, columns: Int, values: [Float]) {
    precondition(values.count == rows * columns, "\(values.count) values for [\(rows), \(columns)]")
    self.init(rows: rows, columns: columns)
    for (index, value) in values.enumerated() { pointer[index] = value }
  }

  deinit { free(pointer) }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    var memory: UnsafeMutableRawPointer?
    // Out of memory is not an input error that a caller could handle: the process cannot go on.
    guard posix_memalign(&memory, 64, count * 4) == 0, let memory else {
      fatalError("no memory for \(count) floats")
    }
    return memory.bindMemory(to: Float.self, capacity: count)
  }

  /// Changes the shape; the values afterwards are unspecified.
  package func reshape(rows: Int, columns: Int) {
    if rows * columns > capacity {
      free(pointer)
      capacity = rows * columns
      pointer = Matrix.allocate(capacity)
    }
    self.rows = rows
    self.columns = columns
  }

  package func setToZero() { pointer.update(repeating: 0, count: rows * columns) }

  package func copy(from other: Matrix) {
    reshape(rows: other.rows, columns: other.columns)
    pointer.update(from: other.pointer, count: rows * columns)
  }

  /// The start of a row.
  package func row(_ index: Int) -> UnsafeMutablePointer<Float> { pointer + index * columns }

  /// rows · columns.
  public var count: Int { rows * columns }

  /// One value; a place outside the matrix ends the program.
  public subscript(row: Int, column: Int) -> Float {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      return pointer[row * columns + column]
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      pointer[row * columns + column] = newValue
    }
  }

  /// All values, row by row, as a copy.
  public var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Sets one row.
  public func setRow(_ index: Int, _ values: [Float]) {
    precondition(
      index >= 0 && index < rows && values.count == columns, "\(values.count) values for row \(index)")
    values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      row(index).update(from: base, count: columns)
    }
  }

  /// One row, as a copy.
  public func rowValues(_ index: Int) -> [Float] {
    precondition(index >= 0 && index < rows)
    return Array(UnsafeBufferPointer(start: row(index), count: columns))
  }
}
