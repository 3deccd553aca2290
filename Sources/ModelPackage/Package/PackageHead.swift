import FileAccess
import StrictJSON

/// The first files of a package, read without the rest: enough to show what it is.
///
/// The manifest is checked, and the card against it. Whether the rest of the file is whole only reading it all tells.
public struct PackageHead: Sendable {
  /// What the package says of itself. Of its table of files only the row of the card was compared.
  public let manifest: Manifest
  /// The bytes of `manifest.json`.
  public let manifestBytes: [UInt8]
  /// SHA-256 of `manifestBytes`, in hexadecimal.
  public let id: String
  /// The bytes of `manifest.sig`, unchecked.
  public private(set) var signature: [UInt8]?
  /// The model card, `README.md`.
  public private(set) var card: String?

  /// Reads the head of the package at `path`, and stops there.
  public init(contentsOfFile path: String) throws(PackageError) {
    let file = try ReadableFile.openPackage(path)
    let reader = try ArchiveReader(try GzipStream(file))
    self = try Self.readManifest(reader)
    while let entry = try reader.next(), entry.member <= .card {
      try checkListed(entry)
      let content = try reader.content(of: entry)
      try check(content.digest, of: entry.member)
      if entry.member == .signature { signature = content.bytes }
      if entry.member == .card { card = try PackageContents.text(content.bytes, .card) }
    }
  }

  private init(_ manifest: Manifest, _ bytes: [UInt8], id: String) {
    self.manifest = manifest
    manifestBytes = bytes
    self.id = id
  }

  /// Reads the first file, which must be the manifest.
  static func readManifest(_ reader: ArchiveReader) throws(PackageError) -> PackageHead {
    guard let first = try reader.next() else { throw .missingEntry(PackageMember.manifest.rawValue) }
    guard first.member == .manifest else {
      throw .wrongOrder(entry: first.member.rawValue, after: "the start")
    }
    let content = try reader.content(of: first)
    do {
      return PackageHead(try Manifest(parsing: content.bytes), content.bytes, id: content.digest)
    } catch { throw .manifest(error) }
  }

  /// A file is in the manifest's table, and as large as the table says: known before it is inflated.
  func checkListed(_ entry: ArchiveReader.Entry) throws(PackageError) {
    let name = entry.member.rawValue
    guard entry.member.isListed else { return }
    guard let record = manifest.files[name] else { throw .unlistedEntry(name) }
    guard record.size == entry.size else {
      throw .sizeMismatch(entry: name, expected: record.size, found: Int64(entry.size))
    }
  }

  func check(_ digest: String, of member: PackageMember) throws(PackageError) {
    guard let record = manifest.files[member.rawValue], record.sha256 != digest else { return }
    throw .digestMismatch(entry: member.rawValue, expected: record.sha256, found: digest)
  }
}
