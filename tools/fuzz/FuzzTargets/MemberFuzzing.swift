import ModelPackage

/// One member of a sound package replaced by any bytes, its digest and size put right, and the archive made anew: what
/// digests would refuse at the door reaches the checks behind them.
enum MemberFuzzing {
  /// What the first byte of an input chooses from, beside the package.
  private static let members: [PackageMember] = [
    .manifest, .vocabulary, .checks, .weights, .card, .suites, .tokenizer, .signature,
  ]

  /// The first byte chooses the package and the member, the rest is its content.
  static func member(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first else { return false }
    let member = members[Int(first) % members.count]
    let package = SoundPackage.all[Int(first) / members.count % SoundPackage.all.count]
    var contents = package.files.filter { $0.member != member }
    contents.append((member, Array(bytes.dropFirst())))
    contents.sort { $0.member < $1.member }
    if member != .manifest {
      guard let sealed = sealed(package.manifest, contents) else { return false }
      contents[0].bytes = sealed
    }
    guard let archive = try? ModelPackage.archiveBytes(of: contents),
      let read = try? ModelPackage(bytes: archive)
    else { return false }
    return PackageFuzzing.use(read)
  }

  /// The members as they are.
  static var seeds: [[UInt8]] {
    SoundPackage.all.enumerated().flatMap { number, package in
      package.files.compactMap { member, bytes in
        members.firstIndex(of: member).map { [UInt8(number * members.count + $0)] + bytes }
      }
    }
  }

  /// The manifest with the digests of these files.
  private static func sealed(
    _ manifest: Manifest, _ contents: [(member: PackageMember, bytes: [UInt8])]
  ) -> [UInt8]? {
    var manifest = manifest
    manifest.files = NamedValues()
    for (member, bytes) in contents where member.isListed {
      manifest.files[member.rawValue] = Manifest.FileRecord(of: bytes)
    }
    return try? manifest.canonicalBytes()
  }
}
