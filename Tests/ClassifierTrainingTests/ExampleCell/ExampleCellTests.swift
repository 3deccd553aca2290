import ClassifierTraining
import Foundation
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TestSupport
import Testing

/// A cell from outside the project goes the whole way: gradients, training, package, loading, answers.
@Suite struct ExampleCellTests {
  private let directory = TemporaryDirectory()

  @Test func aNewCellsGradientsAgreeWithDifferences() throws {
    // Without the maximum, whose kinks a step of 1e-2 may cross.
    let task = try ToyTask(
      cell: "mgu", hidden: 3, count: 6, readout: LastStateReadout.kind, cells: registryWithExample())
    let worker = GradientWorker(task.network, shards: 1, pool: WorkerPool(threads: 1))
    let batch = task.train.lengths.indices.sorted { task.train.lengths[$0] > task.train.lengths[$1] }
    func loss(_ parameters: NetworkParameters) -> Double {
      worker.loss(
        BoundNetwork(task.network, parameters, kernels: .best), task.train, batch: batch,
        loss: CrossEntropy(),
        truncation: nil, dropout: nil)
    }
    _ = loss(task.start)
    let found = worker.gradients.layers
    let step: Float = 1e-2
    for layer in found.indices {
      for index in 0..<found[layer].count {
        var (above, below) = (task.start, task.start)
        above.layers[layer].values[index] += step
        below.layers[layer].values[index] -= step
        let expected = (loss(above) - loss(below)) / Double(2 * step)
        // Float rounding and the third derivative leave about 1e-5.
        #expect(
          abs(Double(found[layer].values[index]) - expected) < 1e-4 + 1e-2 * abs(expected),
          "\(layer), \(index)")
      }
    }
  }

  @Test func aNewCellKeepsThePromisesOfTheSelfTest() throws {
    var asked: [CellKind] = []
    let test = try SelfTest(cells: registryWithExample()) {
      asked.append($0)
      return ["hidden": 6]
    }
    var outcomes: [SelfTest.Outcome] = []
    try test.run { outcomes.append($0) }
    #expect(asked.contains("mgu"))
    #expect(outcomes.count { $0.subject == "mgu" } >= 3)
    #expect(outcomes.allSatisfy { $0.isKept }, "\(outcomes)")
  }

  @Test func aNewCellStepsAsItRunsWholeSequences() throws {
    let cell = try MinimalGatedCell(inputSize: 4, configuration: .init(hidden: 3))
    let parameters = ParameterSet(initialising: cell.parameterSpecs, random: RandomStream(seed: 5))
    let kernel = cell.makeKernel(for: parameters, kernels: .best)
    var random = RandomStream(seed: 6)
    let input = Matrix(rows: 5, columns: 4, values: (0..<20).map { _ in random.uniform() - 0.5 })
    let (whole, stepped) = (
      CellState(cell.stateSlots, batchSize: 1), CellState(cell.stateSlots, batchSize: 1)
    )
    let output = Matrix(rows: 5, columns: 3)
    kernel.run(
      input, SequenceLayout(lengths: [5]), state: whole, output: output, tape: Tape(cell.stateSlots))
    let tape = Tape(cell.stateSlots)
    for row in 0..<5 {
      let one = Matrix(rows: 1, columns: 3)
      kernel.step(
        Matrix(rows: 1, columns: 4, values: input.rowValues(row)), state: stepped, output: one, tape: tape)
      #expect(one.values == output.rowValues(row))
    }
    #expect(stepped.slots[0].values == whole.slots[0].values)
  }

  @Test func aNewCellIsTrainedPackedLoadedAndAnswersTheSame() throws {
    let cells = try registryWithExample()
    let run = try trainingRun(cells: cells)
    var state = run.start
    #expect(try run.train(&state) == .completed)
    let (package, report, _) = try #require(try run.makePackage(state, sources: [], created: nil))
    #expect(report.accuracy == 1)
    let before = try Classifier(package, cells: cells)

    let path = directory.path + "/example.rnnpkg"
    try package.write(toFile: path)
    let classifier = try Classifier(contentsOfFile: path, cells: cells)
    #expect(classifier.manifest.model.encoder.cell.id == "mgu")
    #expect(classifier.manifest.model.encoder.cell.gates == ["forget", "new"])
    for text in ["a great and lovely film", "an awful, boring film", "", "words it never saw"] {
      #expect(try classifier.classify(text) == before.classify(text))
    }
    #expect(try classifier.classify("a great and lovely film").label == "positive")
    #expect(try classifier.classify("an awful, boring film").label == "negative")
    #expect(classifier.mismatches(of: package.goldenCases).isEmpty)
    let again = try #require(try run.makePackage(state, sources: [], created: nil)).package
    #expect(try again.archiveBytes() == package.archiveBytes())
  }

  @Test func aPackageOfAnUnregisteredCellSaysWhatIsMissing() throws {
    let run = try trainingRun(cells: registryWithExample())
    var state = run.start
    _ = try run.train(&state)
    let path = directory.path + "/example.rnnpkg"
    try #require(try run.makePackage(state, sources: [], created: nil)).package.write(toFile: path)
    let error = #expect(throws: ClassifierLoadError.self) { _ = try Classifier(contentsOfFile: path) }
    #expect(error == .unknownCell("mgu", known: ["gru", "lstm", "rnn"]))
    #expect(error?.needsAnotherEngine == true)
    let message = "\(try #require(error))"
    #expect(message.contains("\"mgu\"") && message.contains("gru, lstm, rnn"))
  }

  @Test func aConfigurationWithAnUnregisteredCellIsRefusedBeforeDataAreRead() throws {
    var configuration = TrainingConfiguration()
    configuration.data.train = ["no such file"]
    configuration.model.cell = "mgu"
    let error = #expect(throws: OptionError.self) {
      _ = try TrainingRun(configuration, pool: WorkerPool(threads: 1), kernels: .best)
    }
    #expect(error?.option == "model.cell")
    configuration.model.hidden = 5_000
    let size = #expect(throws: OptionError.self) {
      _ = try TrainingRun(
        configuration, cells: registryWithExample(), pool: WorkerPool(threads: 1), kernels: .best)
    }
    #expect(size?.allowed.contains("from 1 to 4096") == true)
  }

  @Test func settingsThatTheCellDoesNotTakeAreRefusedBeforeDataAreRead() throws {
    var configuration = TrainingConfiguration()
    configuration.data.train = ["no such file"]
    for (settings, part) in [
      (["peepholes": true], "what the cell lstm takes: "), (7, "a table of settings"),
      (["hidden": 5], "without hidden, which model.hidden gives"),
    ] as [(JSONValue, String)] {
      configuration.model.cellOptions = settings
      let error = #expect(throws: OptionError.self) {
        _ = try TrainingRun(configuration, pool: WorkerPool(threads: 1), kernels: .best)
      }
      #expect(error?.option == "model.cell-options" && error?.allowed.hasPrefix(part) == true)
    }
  }

  @Test func aKindIsRegisteredOnce() throws {
    var cells = try registryWithExample()
    #expect(throws: RegistryError.duplicate("mgu")) { try cells.register(MinimalGatedCell.self) }
  }

  private func trainingRun(cells: CellRegistry) throws -> TrainingRun {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", SmallReviews.table)]
    configuration.model.cell = "mgu"
    configuration.model.hidden = 6
    configuration.model.embedding = 6
    configuration.training.epochs = 6
    configuration.training.batchSize = 8
    configuration.training.learningRate = 0.02
    configuration.training.average = 0.5
    configuration.training.dropout = DropoutRates()
    configuration.package.name = "example"
    return try TrainingRun(configuration, cells: cells, pool: WorkerPool(threads: 2), kernels: .best)
  }
}

/// 60 short reviews, half of them good, each of its own words.
enum SmallReviews {
  static let table: String = {
    let things = ["film", "story", "cast", "music", "ending"]
    let good = ["great", "lovely", "warm", "funny", "brilliant", "superb"]
    let bad = ["awful", "boring", "dull", "terrible", "weak", "poor"]
    var rows = ["label\ttext"]
    for thing in things {
      for index in good.indices {
        let next = (index + 1) % good.count
        rows.append("positive\tA \(good[index]) \(thing) and a \(good[next]) one.")
        rows.append("negative\tA \(bad[index]) \(thing) and a \(bad[next]) one.")
      }
    }
    return rows.joined(separator: "\n") + "\n"
  }()
}
