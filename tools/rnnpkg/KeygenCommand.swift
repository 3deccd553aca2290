import ArgumentParser
import ModelPackage

/// Makes keys.
struct KeygenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen",
    abstract: "Make a pair of keys to sign packages with.",
    discussion: """
      rnnpkg keygen -o mykey

      Writes mykey, the private key, which only you may read, and mykey.pub, the public one, to give to others. Both are \
      PEM files of Ed25519 keys. Files that exist are never replaced.
      """)

  @Option(name: [.short, .customLong("output")], help: "The file of the private key.", completion: .file())
  var output: String

  func run() throws {
    let key = SigningKey()
    try key.write(to: output, publicPath: output + ".pub")
    print("\(output), \(output).pub: \(try key.verifyingKey.fingerprint)")
  }
}
