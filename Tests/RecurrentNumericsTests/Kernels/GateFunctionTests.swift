import CRecurrentKernels
import RecurrentNumerics
import Testing

/// Gate arithmetic of each level against the generic level, which is the specification.
@Suite struct GateFunctionTests {
  @Test(arguments: KernelFixture.levels.filter { $0 != .generic }, GateFunction.allCases)
  func levelsAgreeWithGenericAtEveryWidth(_ level: KernelLevel, _ function: GateFunction) throws {
    let kernels = try KernelFixture.kernels(level)
    let generic = try KernelFixture.kernels(.generic)
    for rows in [1, 3] {
      for hidden in [1, 7, 16, 17, 33, 100] {
        let arguments = function.arguments(rows: rows, hidden: hidden, seed: UInt64(hidden))
        let found = function.run(kernels, rows: rows, hidden: hidden, arguments)
        let expected = function.run(generic, rows: rows, hidden: hidden, arguments)
        for index in found.indices {
          // Numbers below 10 from some 20 roundings and errors of functions, each 2⁻²⁴ of them: 1.2e-5.
          expectClose(
            found[index], expected[index].doubles, absolute: 1.2e-5, relative: 0,
            "argument \(index), \(rows) rows of \(hidden)")
          // What the function does not own, it leaves to the bit.
          #expect(
            (found[index].bits == arguments[index].bits) == (expected[index].bits == arguments[index].bits))
        }
      }
    }
  }

  @Test(arguments: KernelFixture.levels, GateFunction.allCases)
  func outputsMayBeTheInputsThatTheHeaderNames(_ level: KernelLevel, _ function: GateFunction) throws {
    let kernels = try KernelFixture.kernels(level)
    for hidden in [1, 7, 16, 17, 33, 100] {
      let arguments = function.arguments(rows: 3, hidden: hidden, seed: 4)
      let apart = function.run(kernels, rows: 3, hidden: hidden, arguments)
      for alias in function.allowedAliases {
        let shared = function.run(kernels, rows: 3, hidden: hidden, arguments, alias: alias)
        for index in apart.indices where index != alias.input {
          #expect(shared[index].bits == apart[index].bits, "argument \(index), hidden \(hidden)")
        }
      }
    }
  }

  @Test(arguments: KernelFixture.levels, GateFunction.allCases)
  func rowsAloneEqualTheirRowsInABatch(_ level: KernelLevel, _ function: GateFunction) throws {
    let kernels = try KernelFixture.kernels(level)
    for hidden in [7, 33] {
      let arguments = function.arguments(rows: 3, hidden: hidden, seed: 9)
      let together = function.run(kernels, rows: 3, hidden: hidden, arguments)
      func part(_ values: [Float], _ row: Int) -> [Float] {
        Array(values[row * values.count / 3..<(row + 1) * values.count / 3])
      }
      for row in 0..<3 {
        let alone = function.run(kernels, rows: 1, hidden: hidden, arguments.map { part($0, row) })
        #expect(alone.map(\.bits) == together.map { part($0, row).bits }, "row \(row), hidden \(hidden)")
      }
    }
  }

  @Test(arguments: KernelFixture.levels)
  func rectifierGradientIsZeroAtZero(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let y = EdgeFloats([0, -0.0, 1, .leastNonzeroMagnitude, -1, .nan])
    let d = EdgeFloats([5, 5, 5, 5, 5, 5])
    kernels.relu_backward(6, y.start, d.start, d.start)
    #expect(d.values.bits == ([0, 0, 5, 5, 0, 0] as [Float]).bits)
  }
}
