import CRecurrentKernels
import Foundation
import RecurrentNumerics
import Testing

/// The optimiser's update against its formula in Double.
@Suite struct AdamUpdateTests {
  /// Neither decay, each alone, and both: (l2, decoupled).
  @Test(arguments: KernelFixture.levels, [(Float(0), Float(0)), (0.01, 0), (0, 0.02), (0.01, 0.02)])
  func fiveStepsFollowTheFormula(_ level: KernelLevel, _ decay: (l2: Float, decoupled: Float)) throws {
    let kernels = try KernelFixture.kernels(level)
    let (scale, lr, beta1, beta2, epsilon): (Float, Float, Float, Float, Float) = (
      0.5, 0.01, 0.9, 0.999, 1e-8
    )
    for count in KernelFixture.oddSizes {
      let start = KernelFixture.random(count, seed: 8)
      let zeros = [Float](repeating: 0, count: count)
      let memory = (w: EdgeFloats(start), m: EdgeFloats(zeros), v: EdgeFloats(zeros))
      var w = start.doubles
      var m = zeros.doubles
      var v = zeros.doubles
      for step in 1...5 {
        let g = KernelFixture.random(count, seed: 100 + UInt64(step))
        let gradients = EdgeFloats(g)
        let correction1 = Float(1 - pow(Double(beta1), Double(step)))
        let correction2 = Float(1 - pow(Double(beta2), Double(step)))
        kernels.adam(
          count, memory.w.start, gradients.start, memory.m.start, memory.v.start, scale, lr, beta1, beta2,
          epsilon, decay.l2, decay.decoupled, correction1, correction2)
        for i in 0..<count {
          let gradient = Double(g[i]) * Double(scale) + Double(decay.l2) * w[i]
          m[i] = Double(beta1) * m[i] + (1 - Double(beta1)) * gradient
          v[i] = Double(beta2) * v[i] + (1 - Double(beta2)) * gradient * gradient
          w[i] -= Double(lr) * Double(decay.decoupled) * w[i]
          let size = (v[i] / Double(correction2)).squareRoot() + Double(epsilon)
          w[i] -= Double(lr) * (m[i] / Double(correction1)) / size
        }
      }
      // beta2 as a Float leaves 1 − beta2 exact; three roundings a step on numbers below 2 for m and w, of v itself
      // for v. A gradient that nearly cancels with l2·w is right to 2⁻²⁴ and no better.
      expectClose(memory.m.values, m, absolute: 3e-7, relative: 0, "m of \(count)")
      expectClose(memory.v.values, v, absolute: 1e-10, relative: 2e-6, "v of \(count)")
      expectClose(memory.w.values, w, absolute: 2e-6, relative: 0, "w of \(count)")
    }
  }

  @Test(arguments: KernelFixture.levels)
  func anElementsUpdateDependsOnNoPositionOrLength(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    func update(_ range: Range<Int>) -> [[UInt32]] {
      let (w, g, m, v) = (
        KernelFixture.random(40, seed: 1), KernelFixture.random(40, seed: 2),
        KernelFixture.random(40, seed: 3),
        KernelFixture.random(40, in: 0..<1, seed: 4)
      )
      let memory = [w, g, m, v].map { EdgeFloats(Array($0[range])) }
      kernels.adam(
        range.count, memory[0].start, memory[1].start, memory[2].start, memory[3].start, 0.7, 0.01, 0.9,
        0.999, 1e-8,
        0.01, 0.02, 0.1, 0.001)
      return memory.map(\.values.bits)
    }
    let alone = (0..<40).map { update($0..<$0 + 1) }
    for count in 1...40 {
      #expect(
        update(40 - count..<40) == (0..<4).map { array in (40 - count..<40).map { alone[$0][array][0] } })
    }
  }

  /// A parameter that never had a gradient stays where it is.
  @Test(arguments: KernelFixture.levels)
  func zeroGradientsLeaveWeightsAlone(_ level: KernelLevel) throws {
    let kernels = try KernelFixture.kernels(level)
    let start = KernelFixture.random(33, seed: 1)
    let w = EdgeFloats(start)
    let zeros = [Float](repeating: 0, count: 33)
    let (g, m, v) = (EdgeFloats(zeros), EdgeFloats(zeros), EdgeFloats(zeros))
    kernels.adam(33, w.start, g.start, m.start, v.start, 1, 0.01, 0.9, 0.999, 1e-8, 0, 0, 0.1, 0.001)
    #expect(w.values.bits == start.bits)
  }
}
