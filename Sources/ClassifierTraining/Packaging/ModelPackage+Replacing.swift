import ModelPackage

extension ModelPackage {
  /// The same package with another manifest, and with other tensors and golden cases where they are given. A card that was
  /// written from the manifest is written anew; one by a person's hand stays as it is. Results of suites were those of the old
  /// tensors, and go with them.
  package func replacing(
    _ manifest: Manifest, tensors: TensorFile? = nil, goldenCases: [GoldenCase]? = nil
  ) throws(PackageError) -> ModelPackage {
    let isGenerated = card == ModelCard(self.manifest).text
    return try ModelPackage(
      manifest: manifest, card: isGenerated ? ModelCard(manifest).text : card, license: license,
      vocabulary: vocabulary, tokenizerTable: tokenizerTable, goldenCases: goldenCases ?? self.goldenCases,
      suites: tensors == nil ? suites : nil, tensors: tensors ?? self.tensors)
  }
}
