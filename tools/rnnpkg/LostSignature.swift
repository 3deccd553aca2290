import ModelPackage

/// What is said where a package is made of signed ones: their signatures are of other manifests and stay behind.
enum LostSignature {
  /// Says on standard error that `output` is not signed, where one of the packages that it was made of is.
  static func report(of packages: [NamedPackage], in output: String) {
    for source in packages where source.package.signature != nil { report(source.path, in: output) }
  }

  /// - Parameter source: what was signed: a package, or a directory that has a `manifest.sig`.
  static func report(_ source: String, in output: String) {
    let signature = source == output ? "its signature" : "the signature of \(source)"
    Report.line(
      "rnnpkg: \(output): \(signature) does not hold for the new manifest and was left out; sign again "
        + "with rnnpkg sign")
  }
}
