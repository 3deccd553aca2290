import ArgumentParser
import ClassifierTraining
import FileAccess
import ModelPackage
import SequenceClassifier
import StrictJSON

/// Makes a package of a directory.
struct PackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Make a package of a directory that `unpack` made.",
    discussion: """
      rnnpkg unpack reviews.rnnpkg reviews
      rnnpkg pack reviews -o reviews.rnnpkg

      The manifest's table of files is made anew; the same files give the same bytes. A signature is kept where nothing that \
      it covers has changed, and otherwise left out, which is said.

      What no reader would take, such as a vocabulary that has a token twice, is not packed (76). Whether a package of a cell \
      or a readout that this program lacks can be loaded is not checked, which is said.
      """)

  @Argument(help: "The directory.", completion: .directory)
  var directory: String
  @Option(name: [.short, .customLong("output")], help: "The package to write.", completion: .file())
  var output: String
  @Option(help: "Another name for the manifest.")
  var name: String?
  @Option(help: "Another version for the manifest.")
  var version: String?
  @Option(help: "Another licence for the manifest, as an SPDX expression.")
  var license: String?

  func validate() throws {
    try OutputPath.check(output)
    guard let license, LicenseExpression(license) == nil else { return }
    throw ValidationError(
      "--license wants \(LicenseExpression.expectation), not \(EscapedText(license))")
  }

  func run() throws {
    let claim = try claimedOutput()
    defer { claim.release() }
    let isSigned = FileAccess.exists("\(directory)/\(PackageMember.signature.rawValue)")
    let package = try makePackage()
    try checkLoading(of: package)
    do {
      try package.write(toFile: output)
    } catch {
      throw PackageFailure(path: directory, error: error)
    }
    printResult(of: output, "\(package.manifest.reference), id \(package.id)")
    if isSigned, package.signature == nil { LostSignature.report(directory, in: output) }
  }

  /// Refuses to replace what is packed, and to put the package beside it: there the next `pack` would take it for a member or
  /// stumble over it.
  private func claimedOutput() throws -> ClaimedOutput {
    guard !FileAccess.isSamePlace(output, "\(directory)/\(FileAccess.name(of: output))") else {
      throw RefusedOutput(path: output, reason: "in the directory that is packed; choose a place outside")
    }
    return try ClaimedOutput(output, isNoneOf: PackageMember.allCases.map { "\(directory)/\($0.rawValue)" })
  }

  private func makePackage() throws -> ModelPackage {
    do throws(PackageError) {
      let package = try ModelPackage(directory: directory)
      return try isRenaming ? renamed(package) : package
    } catch .manifest(let error) where isRenaming && isSound(directory) {
      // The directory's own manifest is sound: an option made it otherwise.
      throw ValidationError("\(error)")
    } catch {
      throw PackageFailure(path: directory, error: error)
    }
  }

  /// Refuses a package that no reader would take: edited files may contradict each other.
  private func checkLoading(of package: ModelPackage) throws {
    do throws(ClassifierLoadError) {
      _ = try Classifier(package)
    } catch {
      guard error.needsAnotherEngine else { throw PackageFailure(path: directory, error: error) }
      Report.line("rnnpkg: \(directory): packed without a check that it loads: \(error)")
    }
  }

  private var isRenaming: Bool { name != nil || version != nil || license != nil }

  private func isSound(_ directory: String) -> Bool { (try? ModelPackage(directory: directory)) != nil }

  private func renamed(_ package: ModelPackage) throws(PackageError) -> ModelPackage {
    var manifest = package.manifest
    if let name { manifest.name = name }
    if let version { manifest.version = version }
    if let license { manifest.license = license }
    let renamed = try package.replacing(manifest)
    // The names that it had already: the signature still holds.
    return renamed.id == package.id ? package : renamed
  }
}
