import ModelConversion
import ModelPackage
import SequenceClassifier
import TestSupport
import Testing

/// Exported models in onnxruntime against the package they are of. Needs Python with onnxruntime
/// (`tools/golden/requirements-onnx.txt`; `RECURRENT_PYTHON` names another Python), and is skipped without.
@Suite(.enabled(if: Python.hasONNXRuntime, "python3 has no onnxruntime and numpy"))
struct ONNXRuntimeTests {
  private struct Case: Encodable {
    var model: String
    var tokens: [[Int32]]
    var lengths: [Int]
  }

  private struct Answer: Decodable {
    var logits: [[Double]]
    var probabilities: [[Double]]
  }

  /// Every direction, depth, first state and readout of a cell. Padding is a word like others.
  @Test(arguments: ReferenceCellKind.allCases)
  func logitsAndProbabilitiesAreThePackages(_ cell: ReferenceCellKind) throws {
    let directory = TemporaryDirectory()
    let configurations = ReferenceConfiguration.all.filter { $0.cell == cell }
    var cases: [Case] = []
    var expected: [[(logits: [Float], probabilities: [Float])]] = []
    for (index, configuration) in configurations.enumerated() {
      let fixture = try NetworkFixture(random: configuration, seed: UInt64(index), scale: 0.3)
      let package = try ConversionFixture.package(fixture, temperature: 1.7)
      let sequences = fixture.sequences(lengths: ConversionFixture.lengths, seed: 3)
      let longest = ConversionFixture.lengths[0]
      cases.append(
        Case(
          model: try directory.file("\(index).onnx", ONNXExport(package).bytes),
          tokens: sequences.map { $0 + [Int32](repeating: 5, count: longest - $0.count) },
          lengths: ConversionFixture.lengths))
      let classifier = try Classifier(package)
      expected.append(
        try sequences.map { sequence in
          let logits = try classifier.networkLogits(of: sequence)
          return (logits, softmax(logits, temperature: 1.7))
        })
    }
    let answers = try Python.answers(of: "onnx_logits.py", to: cases, as: Answer.self)
    #expect(answers.count == configurations.count)
    for ((configuration, answer), expected) in zip(zip(configurations, answers), expected) {
      try #require(answer.logits.map(\.count) == expected.map { $0.logits.count }, "\(configuration)")
      try #require(
        answer.probabilities.map(\.count) == expected.map { $0.probabilities.count }, "\(configuration)")
      for (row, (logits, probabilities)) in expected.enumerated() {
        // ReLU states grow, and rounding with them.
        let scale = logits.reduce(1) { max($0, $1.magnitude) }
        for (found, value) in zip(answer.logits[row], logits) {
          #expect(abs(Float(found) - value) <= 1e-5 * scale, "\(configuration), text \(row)")
        }
        for (found, value) in zip(answer.probabilities[row], probabilities) {
          #expect(abs(Float(found) - value) <= 1e-5, "\(configuration), text \(row)")
        }
      }
    }
  }
}
