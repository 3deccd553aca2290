import CRecurrentKernels
import Foundation
import RecurrentNumerics
import Testing

/// An elementary function of the kernels, and the same in Double.
enum ElementaryFunction: String, CaseIterable, Sendable {
  case exp, tanh, sigmoid

  /// The bounds that the header of the kernels states, in units in the last place.
  var errorBound: Double {
    switch self {
    case .exp: 1.1
    case .tanh: 1.4
    case .sigmoid: 2.5
    }
  }

  func exact(_ x: Double) -> Double {
    switch self {
    case .exp: Foundation.exp(x)
    case .tanh: Foundation.tanh(x)
    case .sigmoid: 1 / (1 + Foundation.exp(-x))
    }
  }

  func callAsFunction(_ kernels: rk_kernels, _ x: [Float]) -> [Float] {
    let input = EdgeFloats(x)
    let output = EdgeFloats(x.count)
    apply(kernels, x.count, input.start, output.start)
    return output.values
  }

  func apply(_ kernels: rk_kernels, _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>)
  {
    switch self {
    case .exp: kernels.vexp(count, x, y)
    case .tanh: kernels.vtanh(count, x, y)
    case .sigmoid: kernels.vsigmoid(count, x, y)
    }
  }
}

@Suite struct ElementaryFunctionTests {
  /// 400,000 floats: all exponents and signs, and densely where the functions are neither 0, 1 nor infinite.
  static let sweep: [Float] = {
    let everywhere = stride(from: UInt32(0), to: UInt32.max - 28_631, by: 28_631).map {
      Float(bitPattern: $0)
    }
    let low = Float(0x1p-26).bitPattern
    let high = Float(112).bitPattern
    let step = (high - low) / 125_000
    let dense = stride(from: low, to: high, by: Int(step)).flatMap {
      [Float(bitPattern: $0), -Float(bitPattern: $0)]
    }
    return everywhere.filter { !$0.isNaN } + dense + edges
  }()

  static let edges: [Float] = {
    let sizes: [Float] = [
      0, .leastNonzeroMagnitude, 0x1p-140, .leastNormalMagnitude.nextDown, .leastNormalMagnitude, 0.625,
      Float(0.625).nextDown, 8.5, 16.6, 17.4, 88.722832, 88.72284, 88.722_847, 87.33654, 87.33655, 89, 100,
      103.27893, 103.97208, 103.972_09, 104, Float(104).nextUp, 150, .greatestFiniteMagnitude, .infinity,
    ]
    return sizes + sizes.map { -$0 }
  }()

  @Test(arguments: KernelFixture.levels, ElementaryFunction.allCases)
  func errorsStayWithinTheBoundsOfTheHeader(_ level: KernelLevel, _ function: ElementaryFunction) throws {
    let x = Self.sweep
    #expect(x.count > 390_000)
    let y = function(try KernelFixture.kernels(level), x)
    var worst = 0.0
    var place: Float = 0
    for index in x.indices {
      if function == .sigmoid && level != .generic && x[index] < -87.33 {
        // Below the normal numbers, zero or a number as small.
        #expect((0...Float.leastNormalMagnitude).contains(y[index]), "\(y[index]) at \(x[index])")
        continue
      }
      let error = ulpError(y[index], function.exact(Double(x[index])))
      if !(error <= worst) {
        worst = error
        place = x[index]
      }
    }
    #expect(worst <= function.errorBound, "\(worst) ulp at \(place)")
    if level == .generic { #expect(worst <= 0.5001, "\(worst) ulp at \(place)") }
  }

  @Test(.enabled(if: KernelFixture.levels.contains(.avx512)), arguments: ElementaryFunction.allCases)
  func bothVectorLevelsOfOneMachineGiveTheSameBits(_ function: ElementaryFunction) throws {
    let narrow = function(try KernelFixture.kernels(.avx2), Self.sweep)
    let wide = function(try KernelFixture.kernels(.avx512), Self.sweep)
    #expect(narrow.bits == wide.bits)
  }

  @Test(arguments: KernelFixture.levels)
  func specialValuesComeOutExactly(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let x: [Float] = [
      0, -0.0, .infinity, -.infinity, 89, -104.5, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
    ]
    #expect(
      ElementaryFunction.exp(kernels, x).bits == ([1, 1, .infinity, 0, .infinity, 0, 1, 1] as [Float]).bits)
    #expect(
      ElementaryFunction.tanh(kernels, x).bits
        == ([0, -0.0, 1, -1, 1, -1, .leastNonzeroMagnitude, -.leastNonzeroMagnitude] as [Float]).bits)
    #expect(
      ElementaryFunction.sigmoid(kernels, x).bits == ([0.5, 0.5, 1, 0, 1, 0, 0.5, 0.5] as [Float]).bits)
  }

  @Test(arguments: KernelFixture.levels, ElementaryFunction.allCases)
  func notANumberPassesThroughAndSpoilsNoNeighbour(_ level: KernelLevel, _ function: ElementaryFunction)
    throws
  {
    let kernels = try KernelFixture.kernels(level)
    let x = KernelFixture.random(33, in: -5..<5, seed: 3)
    let expected = function(kernels, x)
    for place in x.indices {
      for value in [Float.nan, -Float.nan, Float(nan: 5, signaling: false)] {
        var spoilt = x
        spoilt[place] = value
        var found = function(kernels, spoilt)
        #expect(found[place].isNaN)
        found[place] = expected[place]
        #expect(found.bits == expected.bits)
      }
    }
  }

  @Test(arguments: KernelFixture.levels, ElementaryFunction.allCases)
  func valuesDependOnNoPositionOrLength(_ level: KernelLevel, _ function: ElementaryFunction) throws {
    let kernels = try KernelFixture.kernels(level)
    for length in 1...40 {
      let x =
        KernelFixture.random(length / 2, in: -110..<110, seed: UInt64(length))
        + KernelFixture.random(length - length / 2, in: -3..<3, seed: UInt64(length) + 50)
      let together = function(kernels, x)
      #expect(together.bits == x.map { function(kernels, [$0])[0].bitPattern }, "length \(length)")
      let inPlace = EdgeFloats(x)
      function.apply(kernels, length, inPlace.start, inPlace.start)
      #expect(inPlace.values.bits == together.bits, "length \(length), in place")
    }
  }

  @Test(arguments: KernelFixture.levels)
  func hyperbolicTangentIsOddToTheBit(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let x = Self.edges + KernelFixture.random(1000, in: -12..<12, seed: 1)
    #expect(
      ElementaryFunction.tanh(kernels, x.map { -$0 }).bits
        == ElementaryFunction.tanh(kernels, x).map { -$0 }.bits)
  }

  @Test(arguments: KernelFixture.levels)
  func rectifierKeepsPositivesAndNotANumber(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    for length in KernelFixture.oddSizes {
      let x = KernelFixture.randomBits(length, seed: 8)
      let input = EdgeFloats(x)
      let y = EdgeFloats(length)
      kernels.vrelu(length, input.start, y.start)
      #expect(y.values.bits == x.map { $0 > 0 ? $0 : 0 }.bits)
    }
    let edges = EdgeFloats([
      0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
    ])
    kernels.vrelu(edges.count, edges.start, edges.start)
    let found = edges.values
    #expect(found[4].isNaN)
    #expect(
      found.enumerated().filter { $0.offset != 4 }.map(\.element).bits
        == ([0, 0, .infinity, 0, .leastNonzeroMagnitude, 0] as [Float]).bits)
  }
}

/// |found − exact| in units in the last place of Float at `exact`; an overflow to infinity counts as 2¹²⁸.
private func ulpError(_ found: Float, _ exact: Double) -> Double {
  if found.isNaN || exact.isNaN { return .infinity }
  let rounded = Float(exact)
  if rounded == found { return rounded.isInfinite ? 0 : abs(Double(found) - exact) / ulp(of: exact) }
  let value = found.isInfinite ? (found > 0 ? 0x1p128 : -0x1p128) : Double(found)
  let bounded = Swift.min(Swift.max(exact, -0x1p128), 0x1p128)
  return abs(value - bounded) / ulp(of: bounded)
}

private func ulp(of exact: Double) -> Double {
  let size = abs(exact)
  if size < 0x1p-126 { return 0x1p-149 }
  return Swift.min(size.binade, 0x1p127) * 0x1p-23
}
