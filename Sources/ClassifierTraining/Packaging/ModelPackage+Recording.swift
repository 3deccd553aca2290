import ModelPackage

extension ModelPackage {
  /// The same package with one more evaluation, in place of an older one of data of the same name. The card is written
  /// anew; weights, vocabulary and golden cases stay.
  public func recording(_ evaluation: Manifest.Evaluation) throws(PackageError) -> ModelPackage {
    var manifest = manifest
    manifest.evaluation = (manifest.evaluation ?? []).filter { $0.data.name != evaluation.data.name } + [evaluation]
    return try ModelPackage(
      manifest: manifest, card: ModelCard(manifest).text, license: license, vocabulary: vocabulary,
      tokenizerTable: tokenizerTable, goldenCases: goldenCases, suites: suites, tensors: tensors)
  }
}
