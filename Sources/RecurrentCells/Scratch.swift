import RecurrentNumerics

/// Memory whose contents nobody keeps; one for all windows of a worker, so that it stays in the cache.
public final class Scratch {
  private var matrices: [Matrix] = []

  /// Empty; it grows to what kernels ask for.
  public init() {}

  func matrix(_ index: Int, rows: Int, columns: Int) -> Matrix {
    while matrices.count <= index { matrices.append(Matrix()) }
    matrices[index].reshape(rows: rows, columns: columns)
    return matrices[index]
  }
}
