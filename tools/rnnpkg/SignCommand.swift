import ArgumentParser
import FileAccess
import ModelPackage
import StrictJSON

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

  func run() throws {
    let signingKey = try KeyFile(key) { try SigningKey(contentsOfFile: $0) }.key
    let loaded = try NamedPackage(package)
    do {
      let signed = try loaded.package.signed(with: signingKey)
      try signed.write(toFile: output ?? package)
      print("\(output ?? package): signed by \(try signingKey.verifyingKey.fingerprint), id \(signed.id)")
    } catch let error as PackageError {
      throw PackageFailure(path: package, error: error)
    }
  }
}

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

/// A key out of a file; errors carry the file's name.
struct KeyFile<Key> {
  let key: Key

  init(_ path: String, read: (String) throws -> Key) throws {
    do {
      key = try read(path)
    } catch let error as SignatureError {
      throw KeyFileFailure(path: path, error: error)
    }
  }
}

/// A key file that cannot be used: exit 65.
struct KeyFileFailure: Error, CustomStringConvertible {
  let path: String
  let error: SignatureError
  var description: String { "\(EscapedText.unquoted(path)): \(error)" }
}
