import ArgumentParser
import ClassifierTraining
import FileAccess
import ModelPackage
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
    guard let license, LicenseExpression(license) == nil else { return }
    throw ValidationError(
      "--license wants an SPDX expression, such as Apache-2.0 or \"MIT OR GPL-2.0-only WITH Classpath-exception-2.0\", not "
        + "\(EscapedText(license))")
  }

  func run() throws {
    try FileAccess.checkOutput(output, isNoneOf: PackageMember.allCases.map { "\(directory)/\($0.rawValue)" })
    do throws(PackageError) {
      let isSigned = FileAccess.exists("\(directory)/\(PackageMember.signature.rawValue)")
      var package = try ModelPackage(directory: directory)
      if isRenaming { package = try renamed(package) }
      try package.write(toFile: output)
      print("\(output): \(package.manifest.reference), id \(package.id)")
      if isSigned, package.signature == nil { LostSignature.report(directory, in: output) }
    } catch .manifest(let error) where isRenaming && isSound(directory) {
      // The directory's own manifest is sound: an option made it otherwise.
      throw ValidationError("\(error)")
    } catch {
      throw PackageFailure(path: directory, error: error)
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

/// Lays a package's files into a new directory.
struct UnpackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpack",
    abstract: "Lay a package's files into a new directory.",
    discussion: """
      rnnpkg unpack reviews.rnnpkg reviews

      Only files that a package may hold are written, under their own names. The directory must not exist or be empty; an \
      empty one is filled and stays the same directory, so that "." will do.
      """)

  @Argument(help: "The package.", completion: .file())
  var package: String
  @Argument(help: "The directory to make.", completion: .directory)
  var directory: String

  func run() throws {
    let loaded = try NamedPackage(package)
    do {
      try loaded.package.unpack(intoDirectory: directory)
    } catch {
      throw PackageFailure(path: package, error: error)
    }
    // A package of another writer, whose manifest had to be made anew.
    if !FileAccess.exists("\(directory)/\(PackageMember.signature.rawValue)") {
      LostSignature.report(of: [loaded], in: directory)
    }
  }
}
