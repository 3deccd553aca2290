import ArgumentParser
import FileAccess
import ModelPackage

/// Signs a package.
struct SignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: "Sign a package with a private key.",
    discussion: """
      rnnpkg keygen -o mykey
      rnnpkg sign reviews.rnnpkg --key mykey
      rnnpkg verify reviews.rnnpkg --key mykey.pub
      classify --model reviews.rnnpkg --require-key mykey.pub "A warm, funny film."

      The signature (Ed25519) is of manifest.json, which holds the SHA-256 of every other file. The package's id stays. A \
      signature that is there already is replaced.
      """)

  @Argument(help: "The package.", completion: .file())
  var package: String
  @Option(help: "The private key, as keygen or OpenSSL writes it.", completion: .file())
  var key: String
  @Option(
    name: [.short, .customLong("output")], help: "The package to write. Default: the same file.",
    completion: .file())
  var output: String?

  func validate() throws { try OutputPath.check(output) }

  func run() throws {
    let place = output ?? package
    guard !FileAccess.isSamePlace(place, key + ".pub") else {
      throw RefusedOutput(path: place, reason: "the place of the public key of \(key); choose another name")
    }
    // A key that a package replaced is lost. From reading to writing: what another process put there meanwhile would be lost.
    let claim = try ClaimedOutput(place, isNoneOf: [key])
    defer { claim.release() }
    let signingKey = try KeyFile(key) { try SigningKey(contentsOfFile: $0) }.key
    let loaded = try NamedPackage(package)
    do {
      let signed = try loaded.package.signed(with: signingKey)
      try signed.write(toFile: place)
      printResult(
        of: place, "signed by \(try signingKey.verifyingKey.fingerprint), id \(signed.id)")
    } catch let error as PackageError {
      throw PackageFailure(path: package, error: error)
    }
  }
}
