import ClassifierTraining
import RecurrentNumerics
import SequenceClassifier
import Testing

/// Learning rates over a run, and the average of weights.
@Suite struct ScheduleTests {
  private func factor(_ schedule: LearningRateSchedule, _ progress: Double, warmUp: Double = 0) -> Double {
    schedule.factor(progress: progress, warmUp: warmUp)
  }

  @Test func schedulesStartAndEndWhereTheySay() {
    #expect(factor(.constant, 0) == 1 && factor(.constant, 1) == 1)
    #expect(factor(.linear, 0) == 1 && factor(.linear, 1) == 0 && factor(.linear, 0.25) == 0.75)
    #expect(
      factor(.cosine, 0) == 1 && abs(factor(.cosine, 0.5) - 0.5) < 1e-12 && abs(factor(.cosine, 1)) < 1e-12)
    #expect(abs(factor(.oneCycle, 0) - 0.04) < 1e-12)
    #expect(abs(factor(.oneCycle, 0.3) - 1) < 1e-12)
    #expect(abs(factor(.oneCycle, 1) - 1e-4) < 1e-12)
  }

  @Test func aWarmUpClimbsInAStraightLineAndTheRestFollows() {
    for schedule in [LearningRateSchedule.constant, .linear, .cosine] {
      #expect(factor(schedule, 0, warmUp: 0.1) == 0)
      #expect(abs(factor(schedule, 0.05, warmUp: 0.1) - 0.5) < 1e-12)
      #expect(abs(factor(schedule, 0.1, warmUp: 0.1) - 1) < 1e-12)
    }
    #expect(abs(factor(.linear, 1, warmUp: 0.1)) < 1e-12)
    #expect(abs(factor(.linear, 0.55, warmUp: 0.1) - 0.5) < 1e-12)
    #expect(factor(.oneCycle, 0.1, warmUp: 0.5) == factor(.oneCycle, 0.1))
  }

  @Test(arguments: LearningRateSchedule.allCases)
  func aFactorStaysBetweenZeroAndOne(_ schedule: LearningRateSchedule) {
    for step in 0...1_000 {
      for warmUp in [0, 0.1, 0.99] {
        let value = factor(schedule, Double(step) / 1_000, warmUp: warmUp)
        #expect((-1e-12...1 + 1e-12).contains(value))
      }
    }
  }

  @Test func anAverageStartsFastAndThenKeepsItsDecay() throws {
    let network = try ToyTask().network
    var ones = NetworkParameters(zerosFor: network)
    ones.readout.values = ones.readout.values.map { _ in 1 }
    var average = WeightAverage(decay: 0.5, parameters: NetworkParameters(zerosFor: network))
    var expected: Float = 0
    for step in 1...20 {
      average.update(ones, pool: WorkerPool(threads: 2), kernels: .best)
      let decay = Float(min(0.5, (1 + Double(step)) / (10 + Double(step))))
      expected = decay * expected + (1 - decay)
      #expect(abs(average.parameters.readout.values[0] - expected) < 1e-6)
    }
    #expect(average.updates == 20)
    #expect(average.parameters.embedding.values.allSatisfy { $0 == 0 })
  }
}
