import FileAccess

/// Why a package cannot be read or written. Texts from the file are kept as found; messages show them escaped.
public enum PackageError: Error, Equatable, Sendable {
  /// The file or directory itself cannot be read or written.
  case file(FileError)
  /// The first bytes are those of something else.
  case notAPackage(Lookalike)
  /// The compressed data ends before it should.
  case truncated(bytes: Int)
  /// The compressed data is not what was written.
  case damaged(Damage)
  /// Bytes follow the end of the package.
  case trailingData(bytes: Int)
  /// The archive reader refused it, or gave a warning: the same here.
  case archive(entry: String?, reason: String)
  case entryName(String)
  case notPlainFile(entry: String, kind: EntryKind)
  case duplicateEntry(String)
  case wrongOrder(entry: String, after: String)
  case tooManyEntries(limit: Int)
  case entryTooLarge(entry: String, size: Int64, limit: Int)
  case packageTooLarge(size: Int, limit: Int)
  /// Headers and padding that inflate to more than any package needs.
  case overhead(limit: Int)
  /// Inflates to far more than trained weights and texts do.
  case ratio(limit: Int)
  case missingEntry(String)
  /// The archive has a file that the manifest's table lacks.
  case unlistedEntry(String)
  case sizeMismatch(entry: String, expected: Int, found: Int64)
  case digestMismatch(entry: String, expected: String, found: String)
  case manifest(ManifestError)
  case tensors(TensorFileError)
  case goldenCase(line: Int, reason: String)
  case invalidUTF8(entry: String, offset: Int)
  case vocabularySize(lines: Int, manifest: Int)
  case parameterCount(tensors: Int, manifest: Int)
  case tensorType(tensor: String, found: TensorType, manifest: TensorType)
  case unexpectedFile(directory: String, name: String)
  /// Its signature, or the lack of one, is refused.
  case signature(SignatureError)
  /// The signature in a directory of a package's files is refused.
  case directorySignature(path: String, SignatureError)

  /// What a file that is no package most likely is.
  public enum Lookalike: String, Sendable {
    case empty, html, zip, pickle, largeFilePointer, rar, sevenZip, tar, zstd, xz, bzip2, safetensors, json,
      gguf
    case iso, gzipOfOther, unknown
  }

  /// How compressed data shows that it changed.
  public enum Damage: Equatable, Sendable {
    case checksum(expected: UInt32, found: UInt32)
    case length(expected: UInt32, found: UInt32)
    case compression(reason: String)
  }

  /// What an archive entry is when it is no plain file.
  public enum EntryKind: String, Sendable {
    case directory
    case symbolicLink = "symbolic link"
    case hardLink = "hard link"
    case pipe = "named pipe"
    case socket
    case device
    case sparse = "sparse file"
    case privileged = "file with set-user-id, set-group-id or sticky bit"
    case other = "special file"
  }

  /// How programs group these errors into exit codes.
  public enum Category: Sendable {
    /// Exit code 76.
    case malformed
    /// Made for a later version: exit code 78.
    case newer
    /// Exit code 77.
    case untrusted
    /// Exit code 66.
    case notFound
    /// Exit code 73.
    case cannotCreate
    /// Exit code 74.
    case io
  }

  /// The group of this error: `newer` for a manifest of a later version, `untrusted` for a signature, that of
  /// the `FileError` for the file itself, `malformed` for all others.
  public var category: Category {
    switch self {
    case .file(let error):
      switch error.category {
      case .notFound: .notFound
      case .cannotCreate: .cannotCreate
      case .badInput: .malformed
      case .io: .io
      }
    case .manifest(let error) where error.needsNewerVersion: .newer
    case .signature, .directorySignature: .untrusted
    default: .malformed
    }
  }
}
