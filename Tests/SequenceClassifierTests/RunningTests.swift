import RecurrentCells
import SequenceClassifier
import StrictJSON
import Testing

@Suite struct RunningTests {
  @Test func aKindHasItsLengthOrNone() {
    #expect(Running(kind: "continuous", length: nil) == .continuous)
    #expect(Running(kind: "continuous", length: 1) == nil)
    #expect(Running(kind: "chopped", length: 1) == .chopped(length: 1))
    #expect(Running(kind: "windowed", length: 1) == .windowed(length: 1))
    for kind in ["chopped", "windowed"] {
      for length in [nil, 0, -1] { #expect(Running(kind: kind, length: length) == nil) }
    }
    #expect(Running(kind: "other", length: 1) == nil)
  }

  @Test func networksThatKeepSomethingOfEachTokenTakeFewer() throws {
    func limit(_ layers: Int, _ running: Running) throws -> Int {
      try NetworkDescription(
        embeddingSize: 8, cell: "lstm", cellConfiguration: ["hidden": 16], layers: layers, direction: .both,
        initialState: .zero, readout: "concat", running: running
      ).makeNetwork(vocabularySize: 9, labelCount: 2, cells: .standard, readouts: .standard).tokenLimit
    }
    // Rows have numbers of 32 bits.
    #expect(try limit(1, .continuous) == Int(Int32.max))
    #expect(try limit(1, .windowed(length: 5)) == Int(Int32.max))
    #expect(try limit(2, .continuous) == (1 << 29) / 32)
    #expect(try limit(3, .continuous) == (1 << 29) / 64)
    #expect(try limit(1, .chopped(length: 1)) < limit(1, .chopped(length: 50)))
    #expect(try limit(2, .windowed(length: 5)) == limit(2, .continuous))
    // Rows between levels, and of each layer x, h twice and c; features of three summaries; eight states, shared; what is left over.
    let chopped = 2 * 16 + (2 * (8 + 3 * 16) + 2 * (32 + 3 * 16)) + 6 * 16 + 8 * 16 + 1
    #expect(try limit(2, .chopped(length: 1)) == (1 << 29) / chopped)
  }
}
