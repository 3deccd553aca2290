import ArgumentParser
import FileAccess
import ModelPackage

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

  func validate() throws { try OutputPath.check(directory, of: "<directory>", kind: "a directory") }

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
