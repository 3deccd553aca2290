import ClassifierTraining
import ModelPackage
import StrictJSON
import Testing

/// Cards that are written from manifests.
@Suite struct ModelCardTests {
  /// A zero would be a figure that nobody counted.
  @Test func aCountOfParametersThatIsNotThereIsNotShownAsZero() {
    var manifest = Manifest(
      name: "small", version: "1.0.0", task: .init(type: .classification, labels: ["no", "yes"]),
      engine: .init(min: "1.0"), tokenizer: .init(type: "word", size: 25),
      model: .init(
        embedding: .init(dim: 4), encoder: .init(cell: .init(id: "lstm", config: ["hidden": 4])),
        readout: .init(type: "last"), output: .init(activation: "softmax")))
    #expect(ModelCard(manifest).text.contains(", 25 tokens, parameters stored as f32."))
    manifest.model.parameters = 77
    #expect(ModelCard(manifest).text.contains(", 25 tokens, 77 parameters stored as f32."))
  }
}
