import FuzzTargets
import Testing

/// What the targets start from is sound: a fuzzer that starts from refused files finds little but refusals.
@Suite struct SeedTests {
  /// The targets that make seeds themselves.
  @Test(arguments: [FuzzTarget.package, .members, .manifest, .checkpoint])
  func aSeedIsAccepted(_ target: FuzzTarget) throws {
    let seeds = try target.seeds()
    try #require(!seeds.isEmpty)
    for (number, seed) in seeds.enumerated() { #expect(target.run(seed), "seed \(number)") }
  }
}
