import CRecurrentKernels
import Foundation
import RecurrentNumerics
import Testing

/// Row and vector arithmetic and pooling against their formulas.
@Suite struct VectorArithmeticTests {
  @Test(arguments: KernelFixture.levels)
  func columnSumsAddRowsInOrder(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    for columns in KernelFixture.oddSizes {
      for (rows, gap) in [(0, 0), (1, 0), (5, 3), (40, 0)] {
        let stride = columns + gap
        let x = KernelFixture.random(max(rows * stride - gap, 0), seed: 2)
        var expected = KernelFixture.random(columns, seed: 3)
        let input = EdgeFloats(x)
        let sums = EdgeFloats(expected)
        kernels.add_column_sums(rows, columns, input.start, stride, sums.start)
        for row in 0..<rows { for column in 0..<columns { expected[column] += x[row * stride + column] } }
        #expect(sums.values.bits == expected.bits, "\(rows) rows of \(columns), gap \(gap)")
      }
    }
  }

  @Test(arguments: KernelFixture.levels, KernelFixture.oddSizes)
  func sumsProductsAndAveragesFollowTheirFormulas(_ level: KernelLevel, _ count: Int) throws {
    let kernels = try KernelFixture.kernels(level)
    let x = KernelFixture.random(count, seed: 4)
    let y = KernelFixture.random(count, seed: 5)
    let input = EdgeFloats(x)
    let scalar: Float = -0.37
    let decay: Float = 0.999
    func result(_ body: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
      let memory = EdgeFloats(y)
      body(memory.start)
      #expect(input.values.bits == x.bits)
      return memory.values
    }
    #expect(result { kernels.add(count, input.start, $0) }.bits == zip(y, x).map { $0 + $1 }.bits)
    #expect(result { kernels.scale(count, scalar, $0) }.bits == y.map { $0 * scalar }.bits)
    #expect(result { kernels.multiply(count, input.start, $0) }.bits == zip(y, x).map { $0 * $1 }.bits)
    let scaled = result { kernels.add_scaled(count, scalar, input.start, $0) }
    let averaged = result { kernels.average(count, decay, input.start, $0) }
    if level == .generic {
      #expect(scaled.bits == zip(y, x).map { $0 + scalar * $1 }.bits)
      #expect(averaged.bits == zip(y, x).map { $0 + (1 - decay) * ($1 - $0) }.bits)
    } else {
      #expect(scaled.bits == zip(y, x).map { $0.addingProduct(scalar, $1) }.bits)
      #expect(averaged.bits == zip(y, x).map { $0.addingProduct(1 - decay, $1 - $0) }.bits)
    }
    // Numbers below 4, three roundings; 1 − decay in Float is right to 2⁻²⁵.
    expectClose(
      scaled, zip(y, x).map { Double($0) + Double(scalar) * Double($1) }, absolute: 12 * 0x1p-24, relative: 0,
      "add_scaled")
    expectClose(
      averaged, zip(y, x).map { Double($0) + (1 - Double(decay)) * (Double($1) - Double($0)) },
      absolute: 12 * 0x1p-24, relative: 0, "average")
  }

  @Test(arguments: KernelFixture.levels, KernelFixture.oddSizes)
  func integersTimesAScaleAreExact(_ level: KernelLevel, _ count: Int) throws {
    let kernels = try KernelFixture.kernels(level)
    let integers = (0..<count).map { Int8($0 * 89 % 255 - 127) }
    for scale in [0x1.2345p-9, 0, Float.leastNormalMagnitude, 0x1.fffep120] as [Float] {
      let result = EdgeFloats(count)
      // The integers end where the unreadable page begins.
      let source = EdgeFloats((count + 3) / 4)
      let end = UnsafeMutableRawPointer(source.start + source.count)
      let start = (end - count).bindMemory(to: Int8.self, capacity: count)
      for (index, value) in integers.enumerated() { start[index] = value }
      kernels.from_int8(count, start, scale, result.start)
      #expect(result.values.doubles == integers.map { Double($0) * Double(scale) })
    }
  }

  @Test(arguments: KernelFixture.levels, KernelFixture.oddSizes)
  func reductionsAgreeWithDoubleAndDependOnCountAlone(_ level: KernelLevel, _ count: Int) throws {
    let kernels = try KernelFixture.kernels(level)
    let x = KernelFixture.random(count, seed: 6)
    let y = KernelFixture.random(count, seed: 7)
    let left = EdgeFloats(x)
    let right = EdgeFloats(y)
    let squares = x.doubles.reduce(0) { $0 + $1 * $1 }
    let found = kernels.sum_of_squares(count, left.start)
    // Squares of floats are exact in Double; each addition, here and there, rounds by 2⁻⁵³ of the sum at most.
    #expect(abs(found - squares) <= Double(2 * count) * 0x1p-53 * squares)
    let products = zip(x.doubles, y.doubles).map { $0 * $1 }
    let magnitude = products.reduce(0) { $0 + abs($1) }
    let dot = kernels.dot(count, left.start, right.start)
    #expect(abs(Double(dot) - products.reduce(0, +)) <= Double(count + 1) * 0x1p-24 * magnitude)
    for shift in 1...3 {
      let movedX = EdgeFloats(x + [Float](repeating: .nan, count: shift))
      let movedY = EdgeFloats(y + [Float](repeating: .nan, count: shift))
      #expect(kernels.sum_of_squares(count, movedX.start) == found)
      #expect(kernels.dot(count, movedX.start, movedY.start) == dot)
    }
  }

  @Test(arguments: KernelFixture.levels)
  func emptyReductionsAreZeroAndSquaresNeitherOverflowNorVanish(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let empty = EdgeFloats(0)
    #expect(kernels.sum_of_squares(0, empty.start) == 0)
    #expect(kernels.dot(0, empty.start, empty.start) == 0)
    let large = EdgeFloats([Float](repeating: 0x1p127, count: 17))
    #expect(kernels.sum_of_squares(17, large.start) == 17 * 0x1p254)
    let small = EdgeFloats([Float](repeating: .leastNonzeroMagnitude, count: 17))
    #expect(kernels.sum_of_squares(17, small.start) == 17 * 0x1p-298)
  }

  @Test(arguments: KernelFixture.levels, KernelFixture.oddSizes)
  func maximaKeepTheEarlierOfTies(_ level: KernelLevel, _ count: Int) throws {
    let kernels = try KernelFixture.kernels(level)
    var best = [Float](repeating: -.infinity, count: count)
    var index = [Int32](repeating: -1, count: count)
    let bestMemory = EdgeFloats(best)
    var indexMemory = index
    for position in Int32(0)..<20 {
      // Few distinct values, so that ties abound; −0 and 0 tie too, and NaN exceeds nothing.
      let x = KernelFixture.random(count, in: -2.4..<2.4, seed: UInt64(position) + 1).enumerated().map {
        at, value in
        (at + Int(position)) % 11 == 0 ? Float.nan : value.rounded()
      }
      for at in 0..<count where x[at] > best[at] {
        best[at] = x[at]
        index[at] = position
      }
      let input = EdgeFloats(x)
      kernels.max_with_index(count, input.start, position, bestMemory.start, &indexMemory)
    }
    #expect(bestMemory.values.bits == best.bits)
    #expect(indexMemory == index)
  }

  @Test(arguments: KernelFixture.levels)
  func aMaximumThatIsNotANumberStays(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let best = EdgeFloats([Float](repeating: .nan, count: 33))
    var index = [Int32](repeating: 4, count: 33)
    let input = EdgeFloats([Float](repeating: .infinity, count: 33))
    kernels.max_with_index(33, input.start, 5, best.start, &index)
    #expect(best.values.allSatisfy { $0.isNaN })
    #expect(index == [Int32](repeating: 4, count: 33))
  }
}
