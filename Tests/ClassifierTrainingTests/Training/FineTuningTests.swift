import ClassifierTraining
import RecurrentNumerics
import SequenceClassifier
import Testing

@Suite struct FineTuningTests {
  @Test func eachPartLearnsMoreSlowlyThanTheOneAbove() {
    let rates = FineTuningOptions(factor: 2).rates(0.8, epochs: 0, levels: 2)
    #expect(rates.readout == 0.8)
    #expect(rates.levels == [0.2, 0.4])
    #expect(rates.embedding == 0.1)
  }

  @Test func partsStartOneAfterAnother() {
    let options = FineTuningOptions(factor: 1, unfreezing: 0.5)
    func learning(_ epochs: Double) -> [Bool] {
      let rates = options.rates(1, epochs: epochs, levels: 2)
      return [rates.embedding > 0, rates.levels[0] > 0, rates.levels[1] > 0, rates.readout > 0]
    }
    #expect(learning(0) == [false, false, false, true])
    #expect(learning(0.5) == [false, false, true, true])
    #expect(learning(1) == [false, true, true, true])
    #expect(learning(1.5) == [true, true, true, true])
  }

  @Test func aFrozenPartStaysAsItWas() throws {
    var task = try ToyTask()
    task.options.epochs = 1
    task.options.fineTuning.unfreezing = 1
    let trained = try task.trained()
    #expect(trained.parameters.embedding == task.start.embedding)
    #expect(trained.parameters.layers == task.start.layers)
    #expect(trained.parameters.readout != task.start.readout)
    #expect(trained.optimiser.first.layers.allSatisfy { $0.values.allSatisfy { $0 == 0 } })
  }
}
