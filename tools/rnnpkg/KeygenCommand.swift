import ArgumentParser
import ModelPackage
import StrictJSON

/// Makes keys.
struct KeygenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen",
    abstract: "Make a pair of keys to sign packages with.",
    discussion: """
      rnnpkg keygen -o mykey

      Writes mykey, the private key, which only you may read, and mykey.pub, the public one, to give to others. Both are \
      PEM files of Ed25519 keys. Files that exist are never replaced. The private key's name may not end in .pub.
      """)

  @Option(name: [.short, .customLong("output")], help: "The file of the private key.", completion: .file())
  var output: String

  func validate() throws {
    try OutputPath.check(output)
    guard output.hasSuffix(".pub") else { return }
    throw ValidationError(
      "-o names the file of the private key, and the public one gets that name and .pub: \(EscapedText(output)) would pass "
        + "for a public key; choose a name that does not end in .pub")
  }

  func run() throws {
    let key = SigningKey()
    // Before there are files: what fails leaves none.
    let fingerprint = try key.verifyingKey.fingerprint
    try key.write(to: output, publicPath: output + ".pub")
    let name = EscapedText.unquoted(output)
    print("\(name), \(name).pub: \(fingerprint)")
  }
}
