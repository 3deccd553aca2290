import ArgumentParser
import ClassifierTraining
import ModelPackage
import SequenceClassifier

/// Checks that a package is whole and still gives its answers.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a package: structure, hashes, shapes, signature, golden cases.",
    discussion: """
      rnnpkg verify reviews.rnnpkg
      rnnpkg verify reviews.rnnpkg --key maker.pub

      Golden cases are texts whose token ids and logits the package's maker kept; they are computed again and compared. \
      Ends with code 1 where one differs or there are none, 76 where the package is malformed, 77 where its signature is refused. A signature \
      is always checked; without --key against the key that the signer names, which shows that nothing changed since, and \
      not who signed. All packages are checked, whatever is wrong with one; the exit code is that of the first that failed.
      """)

  @Argument(help: "Packages.", completion: .file())
  var packages: [String]
  @Option(
    help: "A public key: refuse packages that it, or another one given so, did not sign.", completion: .file()
  )
  var key: [String] = []
  @Flag(inversion: .prefixedNo, exclusivity: .exclusive, help: "Replay the golden cases.")
  var golden = true

  /// Golden cases that differ and are told of; the rest is counted.
  private static let listedMismatches = 10

  func run() throws {
    let keys = try key.map { path in try KeyFile(path) { try VerifyingKey(contentsOfFile: $0) }.key }
    var first: (any Error)?
    for path in packages {
      do {
        printResult(of: path, try verified(path, keys: keys.isEmpty ? nil : keys))
      } catch {
        Report.error(error)
        first = first ?? error
      }
    }
    // All are reported: nothing is left but the code.
    if let first { throw ExitCode(ExitStatus(first)?.rawValue ?? 70) }
  }

  /// What to say of a package that is sound.
  private func verified(_ path: String, keys: [VerifyingKey]?) throws -> String {
    let loaded = try NamedPackage(path)
    let signer: VerifyingKey?
    do {
      signer = try loaded.package.checkSignature(by: keys)
    } catch {
      throw PackageFailure(path: path, error: error)
    }
    let classifier = try loaded.classifier()
    let cases = golden ? loaded.package.goldenCases : []
    guard !golden || !cases.isEmpty else {
      throw CheckFailure(
        description:
          "\(path): it has no golden cases, so nothing shows that it answers as it did; --no-golden does without"
      )
    }
    let mismatches = classifier.mismatches(of: cases)
    for mismatch in mismatches.prefix(Self.listedMismatches) { Report.line("rnnpkg: \(path): \(mismatch)") }
    guard mismatches.isEmpty else {
      throw CheckFailure(description: "\(path): \(mismatches.count) of \(cases.count) golden cases differ")
    }
    return
      "ok, \(loaded.package.manifest.reference), \(grouped(loaded.package.tensors.parameterCount)) parameters, "
      + (golden ? "\(cases.count) golden cases replayed" : "golden cases not replayed")
      + (signer.map {
        ", signed by \($0.fingerprint)" + (keys == nil ? " (whose key was not asked for)" : "")
      } ?? "")
  }
}
