import FileAccess

extension VerifyingKey {
  /// Reads a key file.
  /// - Throws: `FileError` where it cannot be read, `SignatureError.key` where it holds no public key.
  public init(contentsOfFile path: String) throws {
    try self.init(pem: FileAccess.read(path, limit: PEMBlock.sizeLimit, acceptsStreams: true))
  }
}

extension SigningKey {
  /// Reads a key file.
  /// - Throws: `FileError` where it cannot be read, `SignatureError.key` where it holds no private key.
  public init(contentsOfFile path: String) throws {
    try self.init(pem: FileAccess.read(path, limit: PEMBlock.sizeLimit, acceptsStreams: true))
  }

  /// Writes the private key, for its owner's eyes only, and the public one beside it. Existing files are never replaced:
  /// a lost private key cannot be made again.
  public func write(to path: String, publicPath: String) throws {
    for path in [path, publicPath] where FileAccess.exists(path) { throw FileError.alreadyExists(path: path) }
    let publicText = try verifyingKey.pem
    try FileAccess.create(path, Array(pem.utf8), permissions: 0o600)
    do {
      try FileAccess.create(publicPath, Array(publicText.utf8))
    } catch {
      // Half a pair is of no use, and would stand in the way of the next.
      try? FileAccess.remove(path)
      throw error
    }
  }
}
