/// How far two numbers are apart, |found - expected| / max(|found|, |expected|, floor), and where that was.
///
/// The floor is the size below which a number counts as zero: differences between smaller numbers are
/// measured against it.
package struct RelativeError: Sendable, Comparable, CustomStringConvertible {
  package var value: Double
  /// The parameter or quantity, and the index in its values.
  package var name: String
  package var index: Int
  package var found: Double
  package var expected: Double

  package init(found: Double, expected: Double, floor: Double, name: String = "", index: Int = 0) {
    let difference = abs(found - expected)
    // Infinities and NaN never agree with anything.
    value = difference.isFinite ? difference / max(abs(found), abs(expected), floor) : .infinity
    self.name = name
    self.index = index
    self.found = found
    self.expected = expected
  }

  /// The worst error of an array; different lengths are infinitely far apart.
  package static func worst(
    found: [Double], expected: [Double], floor: Double, name: String = ""
  ) -> RelativeError {
    guard found.count == expected.count else {
      return RelativeError(
        found: .nan, expected: Double(expected.count), floor: floor,
        name: "\(name): \(found.count) values for \(expected.count)")
    }
    var worst = RelativeError(found: 0, expected: 0, floor: floor, name: name)
    for index in found.indices {
      let error = RelativeError(
        found: found[index], expected: expected[index], floor: floor, name: name, index: index)
      if error.value > worst.value { worst = error }
    }
    return worst
  }

  /// The worst error over all parameters of `expected`.
  package static func worst(
    found: ReferenceParameters, expected: ReferenceParameters, floor: Double
  ) -> RelativeError {
    var worst = RelativeError(found: 0, expected: 0, floor: floor)
    for name in expected.names {
      let error = Self.worst(found: found[name], expected: expected[name], floor: floor, name: name)
      if error.value > worst.value { worst = error }
    }
    return worst
  }

  package static func < (left: RelativeError, right: RelativeError) -> Bool { left.value < right.value }

  package var description: String {
    "relative error \(value) at \(name)[\(index)]: found \(found), expected \(expected)"
  }
}
