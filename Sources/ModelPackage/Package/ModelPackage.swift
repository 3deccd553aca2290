import Cryptography
import FileAccess
import StrictJSON

/// A trained model as one value: manifest, card, vocabulary, golden cases and weights. Knows no cell.
///
/// One that exists is well formed: every limit, digest and table was checked. Loading one runs nothing from it and
/// writes nothing.
public struct ModelPackage: Sendable {
  /// What the package says of itself, its table of files filled.
  public let manifest: Manifest
  /// The bytes of `manifest.json`, which a signature covers.
  public let manifestBytes: [UInt8]
  /// SHA-256 of `manifestBytes`, in hexadecimal: neither a signature nor another compression changes it.
  public let id: String
  /// The bytes of `manifest.sig`, unchecked.
  public let signature: [UInt8]?
  /// The model card, `README.md`.
  public let card: String?
  /// The text of `LICENSE`.
  public let license: String?
  /// The bytes of `vocabulary.txt`, one token a line.
  public let vocabulary: [UInt8]
  /// The bytes of `tokenizer.json`.
  public let tokenizerTable: [UInt8]?
  /// The cases that show the model still gives its answers.
  public let goldenCases: [GoldenCase]
  /// The bytes of `suites.json`.
  public let suites: [UInt8]?
  /// The weights.
  public let tensors: TensorFile

  /// Puts a package together and checks it. The table of files in `manifest` is made anew.
  public init(
    manifest: Manifest, card: String? = nil, license: String? = nil, vocabulary: [UInt8],
    tokenizerTable: [UInt8]? = nil, goldenCases: [GoldenCase] = [], suites: [UInt8]? = nil,
    tensors: TensorFile
  ) throws(PackageError) {
    let parts = PackageParts(
      card: card, license: license, vocabulary: vocabulary, tokenizerTable: tokenizerTable,
      goldenCases: goldenCases,
      suites: suites, tensors: tensors)
    let sealed = try parts.sealed(manifest)
    try self.init(sealed.manifest, sealed.manifestBytes, signature: nil, parts)
  }

  init(
    _ manifest: Manifest, _ manifestBytes: [UInt8], signature: [UInt8]?, _ parts: PackageParts
  ) throws(PackageError) {
    try parts.check(against: manifest)
    self.manifest = manifest
    self.manifestBytes = manifestBytes
    self.signature = signature
    id = SHA256.hexadecimal(of: manifestBytes)
    card = parts.card
    license = parts.license
    vocabulary = parts.vocabulary
    tokenizerTable = parts.tokenizerTable
    goldenCases = parts.goldenCases
    suites = parts.suites
    tensors = parts.tensors
  }

  var parts: PackageParts {
    PackageParts(
      card: card, license: license, vocabulary: vocabulary, tokenizerTable: tokenizerTable,
      goldenCases: goldenCases,
      suites: suites, tensors: tensors)
  }

  /// The same package with another manifest, for example after a calibration. It has a new id and no signature.
  public func replacingManifest(_ manifest: Manifest) throws(PackageError) -> ModelPackage {
    let sealed = try parts.sealed(manifest)
    return try ModelPackage(sealed.manifest, sealed.manifestBytes, signature: nil, parts)
  }

  /// The same package with these bytes as `manifest.sig`, or without. The id stays.
  public func signed(_ signature: [UInt8]?) throws(PackageError) -> ModelPackage {
    if let signature, signature.count > PackageMember.signature.sizeLimit {
      throw .entryTooLarge(
        entry: PackageMember.signature.rawValue, size: Int64(signature.count),
        limit: PackageMember.signature.sizeLimit)
    }
    return try ModelPackage(manifest, manifestBytes, signature: signature, parts)
  }

  /// The files of the package in their order, `manifest.json` first.
  ///
  /// They are those it was read from when this project wrote it. A package of another writer, whose weights had their
  /// header spelt otherwise, gets a new table of files, thus a new id, and loses its signature.
  public func files() throws(PackageError) -> [(member: PackageMember, bytes: [UInt8])] {
    let sealed = try parts.sealed(manifest)
    let isUnchanged = sealed.manifest.files == manifest.files
    var files = [(PackageMember.manifest, isUnchanged ? manifestBytes : sealed.manifestBytes)]
    if isUnchanged, let signature { files.append((.signature, signature)) }
    return files + sealed.files
  }

  /// The bytes of the package file. The same package gives the same bytes with the same zlib.
  public func archiveBytes() throws(PackageError) -> [UInt8] {
    let bytes = try ArchiveWriter.bytes(of: files())
    guard bytes.count <= PackageLimits.fileBytes else {
      throw .packageTooLarge(size: bytes.count, limit: PackageLimits.fileBytes)
    }
    return bytes
  }

  /// The bytes of a package file with these files in it, whatever they hold.
  package static func archiveBytes(
    of files: [(member: PackageMember, bytes: [UInt8])]
  ) throws(PackageError) -> [UInt8] {
    try ArchiveWriter.bytes(of: files)
  }

  /// Writes the package file, whole or not at all.
  public func write(toFile path: String) throws(PackageError) {
    let bytes = try archiveBytes()
    do {
      try FileAccess.write(bytes, to: path)
    } catch { throw .file(error) }
  }
}

/// Everything of a package but its manifest.
struct PackageParts {
  var card: String?
  var license: String?
  var vocabulary: [UInt8]
  var tokenizerTable: [UInt8]?
  var goldenCases: [GoldenCase]
  var suites: [UInt8]?
  var tensors: TensorFile

  /// The files but the manifest, and `manifest` with their digests.
  func sealed(
    _ manifest: Manifest
  ) throws(PackageError) -> (manifest: Manifest, manifestBytes: [UInt8], files: [(PackageMember, [UInt8])]) {
    var files: [(PackageMember, [UInt8])] = []
    if let card { files.append((.card, Array(card.utf8))) }
    if let license { files.append((.license, Array(license.utf8))) }
    files.append((.vocabulary, vocabulary))
    if let tokenizerTable { files.append((.tokenizer, tokenizerTable)) }
    if !goldenCases.isEmpty { files.append((.checks, try GoldenCase.bytes(of: goldenCases))) }
    if let suites { files.append((.suites, suites)) }
    do {
      files.append((.weights, try tensors.bytes()))
    } catch { throw .tensors(error) }
    var manifest = manifest
    manifest.files = NamedValues()
    for (member, bytes) in files {
      guard bytes.count <= member.sizeLimit else {
        throw .entryTooLarge(entry: member.rawValue, size: Int64(bytes.count), limit: member.sizeLimit)
      }
      manifest.files[member.rawValue] = Manifest.FileRecord(of: bytes)
    }
    do {
      return (manifest, try manifest.canonicalBytes(), files)
    } catch { throw .manifest(error) }
  }

  /// What the manifest says of the other files is true.
  func check(against manifest: Manifest) throws(PackageError) {
    let lines = Self.lineCount(vocabulary)
    guard lines == manifest.tokenizer.size else {
      throw .vocabularySize(lines: lines, manifest: manifest.tokenizer.size)
    }
    for (index, golden) in goldenCases.enumerated() {
      try golden.check(line: index + 1, manifest)
    }
    if let count = manifest.model.parameters, count != tensors.parameterCount {
      throw .parameterCount(tensors: tensors.parameterCount, manifest: count)
    }
    // A package of halves or integers may keep some tensors whole, such as biases; not the other way round.
    for tensor in tensors.tensors where tensor.dtype != .f32 && tensor.dtype != manifest.model.dtype {
      // A partner's tensors are stored in a way of their own.
      if manifest.model.partner != nil && tensor.name.hasPrefix(Manifest.Partner.tensorPrefix) { continue }
      throw .tensorType(tensor: tensor.name, found: tensor.dtype, manifest: manifest.model.dtype)
    }
  }

  /// Lines in `bytes`; a last one without line feed counts.
  private static func lineCount(_ bytes: [UInt8]) -> Int {
    var feeds = 0
    bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count {
        // A counter of 8 bits and no branch: vector code. Only 0 leaves the top bit of `other | -other` clear.
        var count: UInt8 = 0
        let end = min(start &+ 255, bytes.count)
        while start < end {
          let other = bytes[start] ^ 0x0a
          count &+= ~(other | (0 &- other)) >> 7
          start &+= 1
        }
        feeds &+= Int(count)
      }
    }
    return feeds + (bytes.isEmpty || bytes.last == 0x0a ? 0 : 1)
  }
}
