import RecurrentNumerics
import Testing

@Suite struct ParameterSetTests {
  private static let specs = [
    ParameterSpec("first", shape: [2, 3], initialiser: .uniform(bound: 1)),
    ParameterSpec("none", shape: [0, 5], initialiser: .zeros),
    ParameterSpec("second", shape: [4], initialiser: .blockConstant(block: 1, blocks: 4, value: 1)),
  ]

  @Test func tensorsLieSideBySideInTheOrderOfTheSpecs() {
    var set = ParameterSet(Self.specs)
    #expect(set.offsets == [0, 6, 6, 10])
    #expect(set.count == 10)
    #expect(set.values == [Float](repeating: 0, count: 10))
    set["second"] = [1, 2, 3, 4]
    set[0] = [6, 5, 4, 3, 2, 1]
    #expect(set.values == [6, 5, 4, 3, 2, 1, 1, 2, 3, 4])
    #expect(Array(set["first"]) == [6, 5, 4, 3, 2, 1])
    #expect(set["none"].isEmpty)
    #expect(set.index(of: "second") == 2)
    #expect(set.index(of: "third") == nil)
  }

  @Test func settingToZeroKeepsTheSpecs() {
    var set = ParameterSet(initialising: Self.specs, random: RandomStream(seed: 1))
    #expect(set != ParameterSet(Self.specs))
    set.setToZero()
    #expect(set == ParameterSet(Self.specs))
  }

  @Test func partsAreLaidOneAfterAnother() {
    let specs = [
      ParameterSpec("a", shape: [2], initialiser: .zeros),
      ParameterSpec("b", shape: [1, 3], initialiser: .zeros),
    ]
    let set = ParameterSet(specs, values: [[1, 2], [3, 4, 5]])
    #expect(set.values == [1, 2, 3, 4, 5] && set.offsets == [0, 2, 5])
    #expect(Array(set["b"]) == [3, 4, 5])
  }

  @Test func firstValuesDependOnSeedAndPositionOnly() {
    let set = ParameterSet(initialising: Self.specs, random: RandomStream(seed: 1))
    #expect(set == ParameterSet(initialising: Self.specs, random: RandomStream(seed: 1)))
    #expect(set != ParameterSet(initialising: Self.specs, random: RandomStream(seed: 2)))
    // A larger first tensor does not move the numbers of the one behind it.
    let twins = (2...3).map { rows in
      ParameterSet(
        initialising: [
          ParameterSpec("a", shape: [rows, 3], initialiser: .uniform(bound: 1)),
          ParameterSpec("b", shape: [7], initialiser: .uniform(bound: 1)),
        ], random: RandomStream(seed: 1))
    }
    #expect(Array(twins[0]["b"]) == Array(twins[1]["b"]))
    #expect(Array(twins[0]["a"]) != Array(twins[0]["b"].prefix(6)))
  }
}
