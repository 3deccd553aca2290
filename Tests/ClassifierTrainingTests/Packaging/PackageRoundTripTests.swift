import ClassifierTraining
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// Weights in a package and back.
@Suite struct PackageRoundTripTests {
  private let directory = TemporaryDirectory()

  private func run(_ type: TensorType) throws -> TrainingRun {
    var configuration = TrainingConfiguration()
    configuration.data.train = [try directory.file("reviews.tsv", SmallReviews.table)]
    configuration.model.hidden = 5
    configuration.model.embedding = 6
    configuration.training.epochs = 1
    configuration.package.dtype = type
    return try TrainingRun(configuration, pool: WorkerPool(threads: 2), kernels: .best)
  }

  @Test(arguments: [TensorType.f32, .f16])
  func aPackageHoldsTheBitsThatTheBuilderStored(_ type: TensorType) throws {
    let run = try run(type)
    var state = run.start
    _ = try run.train(&state)
    let best = try #require(state.best)
    let builder = PackageBuilder(
      configuration: run.configuration, network: run.network, encoder: run.encoder, labels: run.labels)
    let stored = try builder.stored(best.parameters)
    #expect(try builder.stored(stored) == stored, "rounding twice is rounding once")
    #expect((stored == best.parameters) == (type == .f32))

    let package = try #require(try run.makePackage(state, sources: [], created: nil)).package
    let path = directory.path + "/model.rnnpkg"
    try package.write(toFile: path)
    let loaded = try ModelPackage(contentsOfFile: path)
    #expect(loaded.tensors.tensors.allSatisfy { $0.dtype == type })
    for (spec, values) in stored.namedValues(run.network) {
      #expect(loaded.tensors[spec.name]?.values == values, "\(spec.name)")
    }
    #expect(try loaded.archiveBytes() == package.archiveBytes())
    #expect(try Classifier(loaded).mismatches(of: loaded.goldenCases).isEmpty)
  }

  /// Not as weights that are no numbers, which rounding would make of them.
  @Test func weightsThatHalvesCannotHoldAreToldOf() throws {
    let run = try run(.f16)
    var parameters = run.start.parameters
    parameters.sets[0].values[3] = -65_520
    let builder = PackageBuilder(
      configuration: run.configuration, network: run.network, encoder: run.encoder, labels: run.labels)
    let tooLarge = StorageError.tooLarge(.beyondHalfPrecision(tensor: "embedding.weight", count: 1))
    #expect(throws: tooLarge) { try builder.stored(parameters) }
    #expect(tooLarge.description.hasSuffix("too large for f16; store the weights as f32"))
  }
}
