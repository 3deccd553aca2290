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
    let stored = builder.stored(best.parameters)
    #expect(builder.stored(stored) == stored, "rounding twice is rounding once")
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
}
