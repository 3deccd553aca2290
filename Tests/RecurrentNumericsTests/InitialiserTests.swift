import RecurrentNumerics
import Testing

@Suite struct InitialiserTests {
  private func values(_ initialiser: Initialiser, _ shape: [Int], seed: UInt64 = 1) -> [Float] {
    ParameterSet(
      initialising: [ParameterSpec("p", shape: shape, initialiser: initialiser)],
      random: RandomStream(seed: seed)
    ).values
  }

  @Test(arguments: [(1, 1), (7, 4), (33, 3)])
  func orthogonalBlocksHaveOrthonormalRows(_ size: Int, _ blocks: Int) {
    let values = values(.orthogonal(blocks: blocks), [blocks * size, size])
    for block in 0..<blocks {
      for left in 0..<size {
        for right in 0...left {
          let dot = (0..<size).reduce(0.0) { sum, column in
            sum + Double(values[(block * size + left) * size + column])
              * Double(values[(block * size + right) * size + column])
          }
          #expect(abs(dot - (left == right ? 1 : 0)) < 1e-5, "block \(block), rows \(left) and \(right)")
        }
      }
    }
    if blocks > 1 { #expect(Array(values.prefix(size * size)) != Array(values.suffix(size * size))) }
  }

  @Test func uniformNumbersFillTheirBound() {
    let values = values(.uniform(bound: 0.25), [3, 700])
    #expect(values.allSatisfy { (-0.25...0.25).contains($0) })
    #expect((values.min() ?? 0) < -0.24 && (values.max() ?? 0) > 0.24)
    #expect(abs(values.reduce(0, +) / 2100) < 0.02)
  }

  /// √(6 / (fan-in + fan-out)) with the fan-out of one gate.
  @Test(arguments: [1, 3, 4])
  func glorotBoundsCountTheFansOfOneGate(_ blocks: Int) {
    let values = values(.glorot(blocks: blocks), [blocks * 20, 30])
    let bound = (6 / Float(50)).squareRoot()
    #expect(values.allSatisfy { abs($0) <= bound })
    #expect(values.contains { abs($0) > 0.97 * bound })
  }

  @Test func blockConstantsFillTheirBlockAlone() {
    #expect(
      values(.blockConstant(block: 1, blocks: 4, value: 1), [12]) == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    #expect(values(.blockConstant(block: 0, blocks: 1, value: -2), [2]) == [-2, -2])
  }

  @Test func identityAndZerosAreWhatTheySay() {
    #expect(values(.identity, [3, 3]) == [1, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(values(.zeros, [2, 2]) == [0, 0, 0, 0])
  }
}
