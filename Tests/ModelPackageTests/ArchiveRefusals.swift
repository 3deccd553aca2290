import ModelPackage
import TestSupport
import Testing

/// Archives with the fixture's files, one thing changed, and why they are refused.
protocol ArchiveRefusals {
  var files: [(member: PackageMember, bytes: [UInt8])] { get }
}

extension ArchiveRefusals {
  /// A tar archive with the fixture's files, each offered to `change` first.
  func tar(_ change: (inout TarBytes, PackageMember, [UInt8]) -> Bool = { _, _, _ in false }) -> TarBytes {
    var tar = TarBytes()
    for file in files where !change(&tar, file.member, file.bytes) {
      tar.add(file.member.rawValue, file.bytes)
    }
    return tar
  }

  func refusal(_ bytes: [UInt8]) -> PackageError? {
    #expect(throws: PackageError.self) { try ModelPackage(bytes: bytes) }
  }

  func refusal(_ tar: TarBytes) -> PackageError? { refusal(StoredGzip.member(tar.finished)) }
}
