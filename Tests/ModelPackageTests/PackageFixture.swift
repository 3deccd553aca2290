import ModelPackage
import StrictJSON

/// A small package that has every kind of file.
enum PackageFixture {
  static let vocabulary = Array("<pad>\n<unk>\n<s>\n</s>\nwarm\ndull\n".utf8)

  static func manifest(name: String = "sentiment", version: String = "1.2.0") -> Manifest {
    Manifest(
      name: name, version: version, summary: "English film-review sentiment, GRU",
      task: Manifest.Task(type: .classification, multiLabel: false, labels: ["negative", "positive"]),
      languages: ["en"], license: "Apache-2.0", engine: Manifest.Engine(min: "1.0"),
      tokenizer: Manifest.Tokenizer(
        type: "word", normalization: "NFC", letterCase: "lower", specials: .init(), size: 6),
      model: Manifest.Model(
        embedding: Manifest.Embedding(dim: 3, trainable: true),
        encoder: Manifest.Encoder(
          cell: Manifest.Cell(
            id: "gru", config: ["hidden": 2, "reset": "after"], gates: ["reset", "update", "new"],
            biases: "split"),
          layers: 1, direction: .both, merge: .concat),
        readout: Manifest.Readout(type: "concat-pool", dropout: 0.2, hidden: []),
        output: Manifest.Output(
          activation: "softmax", calibration: Manifest.Calibration(method: "temperature", t: 1.38)),
        parameters: 22))
  }

  static let tensors = TensorFile(
    tensors: [
      Tensor(name: "embedding.weight", shape: [6, 3], values: (0..<18).map { Float($0) / 7 - 1 }),
      Tensor(name: "readout.weight", shape: [2, 2], values: [0.1, -0.2, 3e-5, 1e30]),
    ], metadata: ["format": "rnnpkg"])

  static func package() throws -> ModelPackage {
    try ModelPackage(
      manifest: manifest(), card: "---\nlanguage: en\n---\n# Sentiment\n", license: "Apache License 2.0\n",
      vocabulary: vocabulary,
      goldenCases: [
        GoldenCase(text: "warm", ids: [4], logits: [-0.1, 0.1]),
        GoldenCase(text: "", ids: [3], logits: [1e-9, 0]),
      ], suites: Array("{}\n".utf8), tensors: tensors)
  }
}
