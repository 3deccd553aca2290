import FileAccess
import StrictJSON

extension ModelPackage {
  /// Reads the files of a package from a directory, as `unpack` writes them. The table of files is made anew, so that
  /// they may have been edited.
  ///
  /// Files whose names start with a dot are ignored; any other name that is not a package's is an error.
  ///
  /// A signature goes along where nothing that it covers has changed, and is left out where a file has. One that is damaged,
  /// or not of the directory's own `manifest.json`, is an error.
  public init(directory path: String) throws(PackageError) {
    var files = PackageContents()
    let names: [String]
    do {
      names = try FileAccess.names(inDirectory: path).filter { !$0.hasPrefix(".") }
    } catch { throw .file(error) }
    for name in names {
      guard let member = PackageMember(rawValue: name) else {
        throw .unexpectedFile(directory: path, name: name)
      }
      do throws(FileError) {
        // A link could lead anywhere, and its target would travel with the package.
        guard !FileAccess.isSymbolicLink("\(path)/\(name)") else {
          throw FileError.notRegularFile(path: "\(path)/\(name)", kind: .symbolicLink)
        }
        files[member] = try FileAccess.read("\(path)/\(name)", limit: member.sizeLimit)
      } catch { throw .file(error) }
    }
    guard let bytes = files[.manifest] else { throw .missingEntry(PackageMember.manifest.rawValue) }
    let manifest: Manifest
    do {
      manifest = try Manifest(parsing: bytes)
    } catch { throw .manifest(error) }
    let parts = try files.parts()
    let sealed = try parts.sealed(manifest)
    if let signature = files[.signature] {
      do throws(SignatureError) {
        try PackageSignature(parsing: signature).check(bytes, by: nil)
      } catch {
        throw .directorySignature(path: "\(path)/\(PackageMember.signature.rawValue)", error)
      }
      if sealed.manifest.files == manifest.files {
        // The very bytes that were signed, which need not be canonical.
        try self.init(manifest, bytes, signature: signature, parts)
        return
      }
    }
    try self.init(sealed.manifest, sealed.manifestBytes, signature: nil, parts)
  }

  /// Writes the files of the package into a directory that does not exist or is empty: all of them or none.
  public func unpack(intoDirectory path: String) throws(PackageError) {
    let files = try files()
    do throws(FileError) {
      let directory = try AtomicDirectory(creating: path)
      for file in files { try directory.write(file.bytes, named: file.member.rawValue) }
      try directory.commit()
    } catch { throw .file(error) }
  }
}
