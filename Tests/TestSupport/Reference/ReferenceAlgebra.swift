// Matrix and vector operations of the reference model: plain loops over `[Double]`, row-major. They are
// written out here, rather than taken from the project's numerics, so that a fault there cannot hide.

/// `matrix` (`[rows, vector.count]`) times `vector`.
func product(_ matrix: [Double], _ vector: [Double], rows: Int) -> [Double] {
  let columns = vector.count
  var result = [Double](repeating: 0, count: rows)
  for row in 0..<rows {
    var sum = 0.0
    for column in 0..<columns { sum += matrix[row * columns + column] * vector[column] }
    result[row] = sum
  }
  return result
}

/// The transpose of `matrix` (`[vector.count, columns]`) times `vector`.
func transposedProduct(_ matrix: [Double], _ vector: [Double], columns: Int) -> [Double] {
  var result = [Double](repeating: 0, count: columns)
  for row in 0..<vector.count {
    for column in 0..<columns { result[column] += matrix[row * columns + column] * vector[row] }
  }
  return result
}

/// Adds `left` ⊗ `right` to `matrix` (`[left.count, right.count]`).
func addOuterProduct(_ left: [Double], _ right: [Double], to matrix: inout [Double]) {
  for row in 0..<left.count {
    for column in 0..<right.count { matrix[row * right.count + column] += left[row] * right[column] }
  }
}

/// Adds `vector` to `total`, element by element.
func add(_ vector: [Double], to total: inout [Double]) {
  for index in 0..<total.count { total[index] += vector[index] }
}

func sum(_ left: [Double], _ right: [Double]) -> [Double] {
  var result = left
  for index in left.indices { result[index] += right[index] }
  return result
}

/// The element-wise product.
func scaled(_ left: [Double], by right: [Double]) -> [Double] {
  var result = left
  for index in left.indices { result[index] *= right[index] }
  return result
}

/// `function` of every element. A loop, as `map` and `zip` look up their generic types again at each call of a
/// debug build, which was most of the time of the tests by differences.
func applying(_ function: (Double) -> Double, to vector: [Double]) -> [Double] {
  var result = vector
  for index in vector.indices { result[index] = function(vector[index]) }
  return result
}
