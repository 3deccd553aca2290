import ClassifierTraining
import ModelPackage
import StrictJSON
import Testing

/// Cards that are written from manifests.
@Suite struct ModelCardTests {
  private let small = Manifest(
    name: "small", version: "1.0.0", task: .init(type: .classification, labels: ["no", "yes"]),
    engine: .init(min: "1.0"), tokenizer: .init(type: "word", size: 25),
    model: .init(
      embedding: .init(dim: 4), encoder: .init(cell: .init(id: "lstm", config: ["hidden": 4])),
      readout: .init(type: "last"), output: .init(activation: "softmax")))

  private func lines(_ manifest: Manifest) -> [String] {
    ModelCard(manifest).text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// A zero would be a figure that nobody counted.
  @Test func aCountOfParametersThatIsNotThereIsNotShownAsZero() {
    var manifest = small
    #expect(ModelCard(manifest).text.contains(", 25 tokens, parameters stored as f32."))
    manifest.model.parameters = 77
    #expect(ModelCard(manifest).text.contains(", 25 tokens, 77 parameters stored as f32."))
  }

  // MARK: Text from elsewhere

  /// A bar ends a cell, and so does one with a combining mark behind it; a line feed ends the table.
  @Test(arguments: [
    ("a|b", #"a\|b"#), ("a|\u{301}b", "a\\|\u{301}b"), ("a\nb", "a b"), ("a\r\n\tb", "a   b"),
    ("a\u{1b}b", "a b"),
    ("a\u{2028}b", "a b"), ("a\\b, `c` *d*", "a\\b, `c` *d*"),
  ])
  func aNameIsOneCellOfATable(_ name: String, _ cell: String) throws {
    var manifest = small
    var metrics = NamedValues<Double>()
    metrics["accuracy"] = 0.5
    manifest.evaluation = [.init(data: .init(name: name, rows: 7), metrics: metrics)]
    manifest.behaviour = [.init(name: name, cases: 3, failures: 1, sha256: "")]
    let lines = lines(manifest)
    #expect(lines.contains("| \(cell) | 7 | 0.5000 |  |  |  |"), "\(lines)")
    #expect(lines.contains("| \(cell) | 3 | 1 |"), "\(lines)")
  }

  @Test func anEntryOfAListIsOneLine() {
    var manifest = small
    manifest.license = "MIT\r\n---"
    manifest.tags = ["a\"\u{301}b\\", "c\u{85}d"]
    manifest.task.labels = ["n`o", "yes"]
    manifest.training = .init(
      data: [.init(name: "a|b\n# c", url: "d\ne", license: "f\r\ng", rows: 7)])
    let lines = lines(manifest)
    for line in [
      #"license: "MIT  ---""#, "- \"a\\\"\u{301}b\\\\\"", #"- "c d""#, "Labels: `n'o`, `yes`.",
      "- a|b # c, 7 rows, licence: f  g, d e",
    ] { #expect(lines.contains(line), "\(lines)") }
  }
}
