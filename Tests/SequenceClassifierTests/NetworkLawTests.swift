import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// What holds for every cell, direction, depth, first state and readout, to the bit.
@Suite struct NetworkLawTests {
  /// Longest first, equal lengths, a sequence of one, an empty one.
  private let lengths = [9, 4, 4, 1, 0]

  @Test(arguments: ReferenceConfiguration.all)
  func batchNeighboursAndLengthsChangeNoBit(_ configuration: ReferenceConfiguration) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 1)
    let sequences = fixture.sequences(lengths: lengths, seed: 2)
    let together = fixture.logits(sequences)
    for (index, sequence) in sequences.enumerated() {
      #expect(fixture.logits([sequence]) == [together[index]])
    }
    let crowd = fixture.sequences(lengths: (0..<40).map { $0 % 13 }, seed: 3)
    #expect(Array(fixture.logits(crowd + sequences).suffix(sequences.count)) == together)
    #expect(fixture.logits(sequences.reversed()) == together.reversed())
  }

  @Test(arguments: ReferenceConfiguration.all)
  func logitsAgreeWithTheReference(_ configuration: ReferenceConfiguration) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 1)
    let sequences = fixture.sequences(lengths: lengths, seed: 2)
    let expected = fixture.reference.logits(
      ReferenceBatch(sequences: sequences.map { $0.map(Int.init) }, labels: sequences.map { _ in 0 }))
    let worst = RelativeError.worst(
      found: fixture.logits(sequences).flatMap { $0.map(Double.init) }, expected: expected.flatMap { $0 },
      floor: 1e-1)
    #expect(worst.value < 1e-5, "\(worst)")
  }

  @Test(arguments: ReferenceConfiguration.all)
  func windowsWithCarriedStateEqualOnePass(_ configuration: ReferenceConfiguration) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 1)
    let sequences = fixture.sequences(lengths: [23, 9, 8, 8, 1], seed: 2)
    let batch = TokenBatch(sequences)
    let examples = Array(sequences.indices)
    let pass = NetworkPass(fixture.network)
    let whole = pass.recordedLogits(
      fixture.bound(), batch, truncation: nil, dropout: nil, examples: examples
    ).values
    for window in [1, 4, 8, 23, 100] {
      let cut = pass.recordedLogits(
        fixture.bound(), batch, truncation: window, dropout: nil, examples: examples)
      #expect(cut.values == whole, "windows of \(window)")
    }
    #expect(pass.logits(fixture.bound(), batch).values == whole)
  }

  /// Streaming: one step at a time, the state carried by the caller.
  @Test(arguments: ReferenceCellKind.allCases)
  func steppingEqualsBatching(_ kind: ReferenceCellKind) throws {
    let cell = try kind.makeCell(inputSize: 7, hidden: 17)
    let parameters = ParameterSet(initialising: cell.parameterSpecs, random: RandomStream(seed: 4))
    let kernel = cell.makeKernel(for: parameters, kernels: .best)
    var random = RandomStream(seed: 8)
    let layout = SequenceLayout(lengths: lengths)
    let input = Matrix(
      rows: layout.rows, columns: 7, values: (0..<layout.rows * 7).map { _ in random.uniform() - 0.5 })
    let output = Matrix(rows: layout.rows, columns: 17)
    let state = CellState(cell.stateSlots, batchSize: lengths.count)
    kernel.run(input, layout, state: state, output: output, tape: Tape(cell.stateSlots))
    for (sequence, length) in lengths.enumerated() {
      let single = CellState(cell.stateSlots, batchSize: 1)
      let tape = Tape(cell.stateSlots)
      let stepOutput = Matrix(rows: 1, columns: 17)
      for step in 0..<length {
        let row = layout.rowOffsets[step] + sequence
        kernel.step(
          Matrix(rows: 1, columns: 7, values: input.rowValues(row)), state: single, output: stepOutput,
          tape: tape)
        #expect(stepOutput.values == output.rowValues(row))
      }
      for (slot, expected) in zip(single.slots, state.slots) {
        #expect(slot.values == expected.rowValues(sequence))
      }
    }
  }

  @Test func aReversedLayoutReadsEachSequenceFromItsOwnEnd() {
    let layout = SequenceLayout(lengths: [3, 2, 0])
    #expect(Array(layout.liveRows) == [2, 2, 1])
    #expect(Array(layout.rowOffsets) == [0, 2, 4, 5])
    #expect(layout.reversedRows() == [4, 3, 2, 1, 0])
    #expect(layout.window(1..<3).lengths == [2, 1, 0])
  }
}
