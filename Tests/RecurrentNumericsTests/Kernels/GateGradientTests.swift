import CRecurrentKernels
import Foundation
import RecurrentNumerics
import Testing

/// Backward gate functions against central differences of the equations, written here once more in Double.
@Suite struct GateGradientTests {
  private static let rows = 3
  private static let sizes = [1, 7, 16, 17, 33]

  /// One of `gates` parts of a `[rows, gates·hidden]` array: an input of an element, or the gradient of one.
  private struct Part {
    let values: [Float]
    let gate: Int
    let gates: Int

    init(_ values: [Float], gate: Int = 0, of gates: Int = 1) {
      self.values = values
      self.gate = gate
      self.gates = gates
    }

    subscript(row: Int, j: Int, hidden: Int) -> Float { values[(row * gates + gate) * hidden + j] }

    static func all(_ values: [Float], of gates: Int) -> [Part] {
      (0..<gates).map { Part(values, gate: $0, of: gates) }
    }
  }

  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  private static func differences(_ point: [Double], _ loss: ([Double]) -> Double) -> [Double] {
    point.indices.map { index in
      // Truncation of about step² and rounding of about 2⁻⁵³/step: near 1e-10 both.
      let step = 1e-5
      var above = point
      var below = point
      above[index] += step
      below[index] -= step
      return (loss(above) - loss(below)) / (2 * step)
    }
  }

  /// Compares the gradients with the differences of `loss`, a function of an element's position and inputs.
  private static func check(
    _ name: String, hidden: Int, inputs: [Part], gradients: [Part], loss: (Int, [Double]) -> Double
  ) {
    for row in 0..<rows {
      for j in 0..<hidden {
        let expected = differences(inputs.map { Double($0[row, j, hidden]) }) { loss(row * hidden + j, $0) }
        // Products of about six rounded factors below 4, from activations right to 4 ulp.
        expectClose(
          gradients.map { $0[row, j, hidden] }, expected, absolute: 3e-6, relative: 2e-6,
          "\(name), hidden \(hidden), row \(row), element \(j), input")
      }
    }
  }

  @Test(arguments: KernelFixture.levels)
  func longShortTermMemoryGradientsAgree(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    for hidden in Self.sizes {
      let arguments = GateFunction.lstmForward.arguments(rows: Self.rows, hidden: hidden, seed: 1)
      let forward = GateFunction.lstmForward.run(kernels, rows: Self.rows, hidden: hidden, arguments)
      let dH = KernelFixture.random(Self.rows * hidden, seed: 2)
      let dC = KernelFixture.random(Self.rows * hidden, seed: 3)
      let backward = GateFunction.lstmBackward.run(
        kernels, rows: Self.rows, hidden: hidden,
        [forward[2], arguments[1], forward[4], dH, dC, arguments[2]])
      Self.check(
        "lstm", hidden: hidden, inputs: Part.all(arguments[0], of: 4) + [Part(arguments[1])],
        gradients: Part.all(backward[5], of: 4) + [Part(backward[4])]
      ) { element, x in
        let c = Self.sigmoid(x[1]) * x[4] + Self.sigmoid(x[0]) * tanh(x[2])
        return Double(dH[element]) * Self.sigmoid(x[3]) * tanh(c) + Double(dC[element]) * c
      }
    }
  }

  @Test(arguments: KernelFixture.levels)
  func gatedUnitGradientsAgreeWithResetAfterTheProduct(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    for hidden in Self.sizes {
      let arguments = GateFunction.gruAfterForward.arguments(rows: Self.rows, hidden: hidden, seed: 1)
      let forward = GateFunction.gruAfterForward.run(kernels, rows: Self.rows, hidden: hidden, arguments)
      let dH = KernelFixture.random(Self.rows * hidden, seed: 2)
      let empty = [Float](repeating: .nan, count: 3 * Self.rows * hidden)
      let backward = GateFunction.gruAfterBackward.run(
        kernels, rows: Self.rows, hidden: hidden, [forward[3], forward[4], arguments[2], dH, empty, empty])
      Self.check(
        "gru", hidden: hidden,
        inputs: Part.all(arguments[0], of: 3) + Part.all(arguments[1], of: 3) + [Part(arguments[2])],
        gradients: Part.all(backward[4], of: 3) + Part.all(backward[5], of: 3) + [Part(backward[3])]
      ) { element, x in
        let z = Self.sigmoid(x[1] + x[4])
        let n = tanh(x[2] + Self.sigmoid(x[0] + x[3]) * x[5])
        return Double(dH[element]) * ((1 - z) * n + z * x[6])
      }
    }
  }

  /// The product between the two halves is the identity here: n = tanh(a_n + r h_prev).
  @Test(arguments: KernelFixture.levels)
  func gatedUnitGradientsAgreeWithResetBeforeTheProduct(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let rows = Self.rows
    for hidden in Self.sizes {
      let count = rows * hidden
      let gates = KernelFixture.random(3 * count, in: -3..<3, seed: 5)
      let previous = KernelFixture.random(count, seed: 6)
      let dH = KernelFixture.random(count, seed: 7)
      let empty = [Float](repeating: .nan, count: count)
      func candidatePlace(_ index: Int) -> Int { (index / hidden * 3 + 2) * hidden + index % hidden }
      func candidates(_ values: [Float]) -> [Float] { (0..<count).map { values[candidatePlace($0)] } }

      let reset = GateFunction.gruBeforeResetForward.run(
        kernels, rows: rows, hidden: hidden, [gates, previous, empty])
      #expect(candidates(reset[0]).bits == candidates(gates).bits)
      var joined = reset[0]
      for index in 0..<count { joined[candidatePlace(index)] += reset[2][index] }
      let output = GateFunction.gruBeforeOutputForward.run(
        kernels, rows: rows, hidden: hidden, [joined, previous, empty + empty + empty, empty])
      let outer = GateFunction.gruBeforeOutputBackward.run(
        kernels, rows: rows, hidden: hidden, [output[2], previous, dH, empty + empty + empty])
      let inner = GateFunction.gruBeforeResetBackward.run(
        kernels, rows: rows, hidden: hidden,
        [output[2], previous, candidates(outer[3]), outer[2], outer[3]])
      Self.check(
        "gru, reset before", hidden: hidden, inputs: Part.all(gates, of: 3) + [Part(previous)],
        gradients: Part.all(inner[4], of: 3) + [Part(inner[3])]
      ) { element, x in
        let z = Self.sigmoid(x[1])
        return Double(dH[element]) * ((1 - z) * tanh(x[2] + Self.sigmoid(x[0]) * x[3]) + z * x[3])
      }
    }
  }

  @Test(arguments: KernelFixture.levels)
  func hyperbolicTangentGradientAgrees(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    for hidden in Self.sizes {
      let x = KernelFixture.random(Self.rows * hidden, in: -4..<4, seed: 1)
      let dOut = KernelFixture.random(Self.rows * hidden, seed: 2)
      let backward = GateFunction.tanhBackward.run(
        kernels, rows: Self.rows, hidden: hidden, [ElementaryFunction.tanh(kernels, x), dOut, x])
      Self.check("tanh", hidden: hidden, inputs: [Part(x)], gradients: [Part(backward[2])]) { element, x in
        Double(dOut[element]) * tanh(x[0])
      }
    }
  }
}
