extension ModelPackage {
  /// The same package, signed. The id stays, but for a package of another writer that `files()` gives a new one: the
  /// signature is of the manifest that is written.
  public func signed(with key: SigningKey) throws(PackageError) -> ModelPackage {
    let sealed = try parts.sealed(manifest)
    let package = try sealed.manifest.files == manifest.files ? self : replacingManifest(manifest)
    let signature: PackageSignature
    do {
      signature = try PackageSignature(of: package.manifestBytes, by: key)
    } catch { throw .signature(error) }
    return try package.signed(signature.encoded)
  }

  /// Checks the package's signature.
  /// - Parameter keys: whom the reader trusts; `nil` for whoever signed.
  /// - Returns: the key that signed; `nil` where the package is not signed and no key is asked for.
  @discardableResult
  public func checkSignature(by keys: [VerifyingKey]? = nil) throws(PackageError) -> VerifyingKey? {
    try PackageSignature.check(signature, of: manifestBytes, by: keys)
  }
}

extension PackageHead {
  /// Checks the package's signature, as `ModelPackage.checkSignature(by:)` does. Whether the files are those that the
  /// manifest lists only reading them all tells.
  @discardableResult
  public func checkSignature(by keys: [VerifyingKey]? = nil) throws(PackageError) -> VerifyingKey? {
    try PackageSignature.check(signature, of: manifestBytes, by: keys)
  }
}

extension PackageSignature {
  /// Checks the bytes of a package's `manifest.sig`, if it has one.
  static func check(
    _ file: [UInt8]?, of manifest: [UInt8], by keys: [VerifyingKey]?
  ) throws(PackageError) -> VerifyingKey? {
    do throws(SignatureError) {
      guard let file else {
        if keys != nil { throw .unsigned }
        return nil
      }
      let signature = try PackageSignature(parsing: file)
      try signature.check(manifest, by: keys)
      return signature.key
    } catch { throw .signature(error) }
  }
}
