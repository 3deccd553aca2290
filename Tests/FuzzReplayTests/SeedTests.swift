import FuzzTargets
import Testing

/// What the targets start from is sound: a fuzzer that starts from refused files finds little but refusals.
@Suite struct SeedTests {
  @Test(arguments: FuzzTarget.allCases)
  func aSeedIsAccepted(_ target: FuzzTarget) throws {
    for (number, seed) in try target.seeds().enumerated() { #expect(target.run(seed), "seed \(number)") }
  }
}
