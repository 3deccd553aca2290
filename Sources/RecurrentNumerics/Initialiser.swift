/// How a parameter gets its first values. `blocks` divides the first size of its shape.
public enum Initialiser: Sendable, Hashable {
  case zeros
  /// Ones on the diagonal.
  case identity
  case uniform(bound: Float)
  /// Uniform in ±√(6 / (fan-in + fan-out)), the fans those of one block of `blocks` stacked gates (Glorot 2010).
  case glorot(blocks: Int)
  /// Each of `blocks` stacked gates orthogonal (Saxe 2014): of a matrix, mostly of square gates.
  case orthogonal(blocks: Int)
  /// Zeros except one block of `blocks`, counted from 0, which is `value`: a forget gate's bias of 1 (Jozefowicz 2015).
  case blockConstant(block: Int, blocks: Int, value: Float)

  func values(shape: [Int], random: inout RandomStream) -> [Float] {
    let count = shape.reduce(1, *)
    switch self {
    case .zeros:
      return [Float](repeating: 0, count: count)
    case .identity:
      let columns = shape.count > 1 ? shape[1] : 1
      return (0..<count).map { $0 / columns == $0 % columns ? 1 : 0 }
    case .uniform(let bound):
      return (0..<count).map { _ in (2 * random.uniform() - 1) * bound }
    case .glorot(let blocks):
      let fanIn = shape.count > 1 ? shape[1] : 1
      let fanOut = shape[0] / Swift.max(blocks, 1)
      let bound = (6 / Float(fanIn + fanOut)).squareRoot()
      return (0..<count).map { _ in (2 * random.uniform() - 1) * bound }
    case .orthogonal(let blocks):
      precondition(shape.count == 2, "orthogonal values of shape \(shape), which is no matrix")
      let size = shape[0] / Swift.max(blocks, 1)
      var values: [Float] = []
      values.reserveCapacity(count)
      for _ in 0..<blocks { values += orthogonalRows(count: size, length: shape[1], random: &random) }
      return values
    case .blockConstant(let block, let blocks, let value):
      precondition((0..<blocks).contains(block), "block \(block) of \(blocks)")
      var values = [Float](repeating: 0, count: count)
      let size = count / blocks
      for index in block * size..<(block + 1) * size { values[index] = value }
      return values
    }
  }
}

/// Rows of a random matrix made orthonormal by the modified Gram–Schmidt process, in Double.
private func orthogonalRows(count: Int, length: Int, random: inout RandomStream) -> [Float] {
  var rows: [[Double]] = []
  for index in 0..<count {
    var row = (0..<length).map { _ in random.normal() }
    // More rows than dimensions cannot all be orthogonal: each group of `length` rows is.
    for other in rows[(index / length * length)...] {
      let dot = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
      for column in 0..<length { row[column] -= dot * other[column] }
    }
    let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
    rows.append(row.map { $0 / Swift.max(norm, 1e-12) })
  }
  return rows.flatMap { $0.map(Float.init) }
}
