import FileAccess
import StrictJSON

extension ModelPackage {
  /// Reads a package file, and checks all of it.
  ///
  /// The file is read, never mapped: one that is replaced or cut meanwhile gives an error or its old content.
  public init(contentsOfFile path: String) throws(PackageError) {
    let file = try ReadableFile.openPackage(path)
    try self.init(try ArchiveReader(try GzipStream(file)))
  }

  /// Reads what answering texts takes: manifest, vocabulary and weights. Of the other files only size and digest are
  /// checked; the package is without them.
  /// - Parameter keys: whom the reader trusts: a package that none of them signed is refused before the rest of it is
  ///   read. `nil` for anybody, signed or not.
  package init(answeringFrom path: String, signedBy keys: [VerifyingKey]? = nil) throws(PackageError) {
    let file = try ReadableFile.openPackage(path)
    try self.init(
      try ArchiveReader(try GzipStream(file)), keeping: [.vocabulary, .weights], signedBy: keys)
  }

  /// Reads a package from memory, and checks all of it.
  public init(bytes: [UInt8]) throws(PackageError) {
    guard bytes.count <= PackageLimits.fileBytes else {
      throw .packageTooLarge(size: bytes.count, limit: PackageLimits.fileBytes)
    }
    if let lookalike = PackageError.Lookalike(prefix: bytes.prefix(PackageError.Lookalike.prefixLength)) {
      throw .notAPackage(lookalike)
    }
    self = try bytes.withUnsafeBufferPointer { (buffer) throws(PackageError) -> ModelPackage in
      let stream = try GzipStream(UnsafeRawBufferPointer(buffer))
      return try ModelPackage(try ArchiveReader(stream))
    }
  }

  /// - Parameter kept: the files that are parsed and kept.
  private init(
    _ reader: ArchiveReader, keeping kept: Set<PackageMember> = Set(PackageMember.allCases),
    signedBy keys: [VerifyingKey]? = nil
  ) throws(PackageError) {
    let head = try PackageHead.readManifest(reader)
    var files = PackageContents()
    var found: Set<PackageMember> = []
    var isTrusted = keys == nil
    while let entry = try reader.next() {
      // The signature comes before all that it covers.
      guard isTrusted || entry.member == .signature else { throw .signature(.unsigned) }
      try head.checkListed(entry)
      let content = try reader.content(of: entry)
      try head.check(content.digest, of: entry.member)
      if !isTrusted {
        _ = try PackageSignature.check(content.bytes, of: head.manifestBytes, by: keys)
        isTrusted = true
      }
      found.insert(entry.member)
      if kept.contains(entry.member) { files[entry.member] = content.bytes }
    }
    try reader.finish()
    for name in head.manifest.files.names {
      guard let member = PackageMember(rawValue: name), found.contains(member) else {
        throw .missingEntry(name)
      }
    }
    try self.init(head.manifest, head.manifestBytes, signature: files[.signature], files.parts())
  }
}

extension ReadableFile {
  /// Opens a package file, and refuses at once what is too large or starts as something else.
  static func openPackage(_ path: String) throws(PackageError) -> ReadableFile {
    let file: ReadableFile
    let prefix: [UInt8]
    do {
      file = try ReadableFile(opening: path)
      prefix = try file.bytes(at: 0, count: PackageError.Lookalike.prefixLength)
    } catch { throw .file(error) }
    let size = file.size ?? 0
    guard size <= PackageLimits.fileBytes else {
      throw .packageTooLarge(size: size, limit: PackageLimits.fileBytes)
    }
    if let lookalike = PackageError.Lookalike(prefix: prefix[...]) { throw .notAPackage(lookalike) }
    return file
  }
}

/// The content of a package's files while it is read.
struct PackageContents {
  private var contents: [PackageMember: [UInt8]] = [:]

  subscript(member: PackageMember) -> [UInt8]? {
    get { contents[member] }
    set { contents[member] = newValue }
  }

  /// Parses what is not kept as bytes.
  func parts() throws(PackageError) -> PackageParts {
    guard let vocabulary = contents[.vocabulary] else {
      throw .missingEntry(PackageMember.vocabulary.rawValue)
    }
    guard let weights = contents[.weights] else { throw .missingEntry(PackageMember.weights.rawValue) }
    let tensors: TensorFile
    do {
      tensors = try TensorFile(parsing: weights)
    } catch { throw .tensors(error) }
    return PackageParts(
      card: try text(.card), license: try text(.license), vocabulary: vocabulary,
      tokenizerTable: contents[.tokenizer], goldenCases: try GoldenCase.parse(contents[.checks] ?? []),
      suites: contents[.suites], tensors: tensors)
  }

  private func text(_ member: PackageMember) throws(PackageError) -> String? {
    guard let bytes = contents[member] else { return nil }
    return try Self.text(bytes, member)
  }

  static func text(_ bytes: [UInt8], _ member: PackageMember) throws(PackageError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .invalidUTF8(entry: member.rawValue, offset: UTF8Validation.firstInvalidOffset(in: bytes) ?? 0)
    }
    return text
  }
}
