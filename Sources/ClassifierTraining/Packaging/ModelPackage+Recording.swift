import ModelPackage
import SequenceClassifier

extension ModelPackage {
  /// The same package with one more evaluation, in place of an older one of data of the same name. A
  /// generated card is written anew; weights, vocabulary and golden cases stay.
  public func recording(_ evaluation: Manifest.Evaluation) throws(PackageError) -> ModelPackage {
    var manifest = manifest
    manifest.evaluation =
      (manifest.evaluation ?? []).filter { $0.data.name != evaluation.data.name } + [evaluation]
    return try replacing(manifest)
  }

  /// The same package with the figures of behaviour suites, in place of older ones of suites of the same name.
  public func recording(_ behaviour: [Manifest.Behaviour]) throws(PackageError) -> ModelPackage {
    var manifest = manifest
    manifest.behaviour =
      (manifest.behaviour ?? []).filter { old in !behaviour.contains { $0.name == old.name } } + behaviour
    if EngineVersion.isOlder(manifest.engine.min, than: EngineVersion.oldestBehaviourReader) {
      manifest.engine.min = EngineVersion.oldestBehaviourReader
    }
    return try replacing(manifest)
  }
}
