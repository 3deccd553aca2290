import ArgumentParser
import ClassifierTraining
import ModelPackage
import SequenceClassifier

/// Checks that a package is whole and still gives its answers.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a package: structure, hashes, shapes, golden cases.",
    discussion: """
      rnnpkg verify reviews.rnnpkg

      Golden cases are texts whose token ids and logits the package's maker kept; they are computed again and compared. \
      Ends with code 1 where one differs, 76 where the package is malformed.
      """)

  @Argument(help: "Packages.", completion: .file())
  var packages: [String]
  @Flag(inversion: .prefixedNo, help: "Replay the golden cases.")
  var golden = true

  func run() throws {
    for path in packages {
      let loaded = try NamedPackage(path)
      let classifier = try loaded.classifier()
      let cases = golden ? loaded.package.goldenCases : []
      let mismatches = classifier.mismatches(of: cases)
      for mismatch in mismatches { Report.line("rnnpkg: \(path): \(mismatch)") }
      guard mismatches.isEmpty else {
        throw CheckFailure(description: "\(path): \(mismatches.count) of \(cases.count) golden cases differ")
      }
      print(
        "\(path): ok, \(loaded.package.manifest.reference), \(grouped(loaded.package.tensors.parameterCount)) parameters, "
          + (golden ? "\(cases.count) golden cases replayed" : "golden cases not replayed"))
    }
  }
}
