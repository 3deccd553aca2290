import RecurrentCells
import SequenceClassifier
import StrictJSON
import Testing

/// A description that comes from code, not from a manifest, whose numbers were checked when it was read.
@Suite struct NetworkDescriptionTests {
  @Test(arguments: [0, -1]) func aNetworkWithoutLevelsIsRefused(layers: Int) {
    let description = NetworkDescription(
      embeddingSize: 8, cell: "lstm", cellConfiguration: ["hidden": 16], layers: layers, direction: .both,
      initialState: .zero, readout: "concat")
    #expect(throws: ClassifierLoadError.layers(found: layers)) {
      try description.makeNetwork(vocabularySize: 9, labelCount: 2, cells: .standard, readouts: .standard)
    }
  }
}
