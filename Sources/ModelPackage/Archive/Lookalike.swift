extension PackageError.Lookalike {
  /// Bytes from the start of a file that tell what it is: a disk image says so at 32 KiB.
  static let prefixLength = 0x8006

  /// What a file that starts with `bytes` is; `nil` for gzip, which a package is.
  init?(prefix bytes: ArraySlice<UInt8>) {
    let bytes = Array(bytes)
    func has(_ pattern: [UInt8], at offset: Int = 0) -> Bool {
      bytes.count >= offset + pattern.count && bytes[offset..<offset + pattern.count].elementsEqual(pattern)
    }
    func has(_ text: StaticString, at offset: Int = 0) -> Bool {
      has(Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)), at: offset)
    }
    switch true {
    // A file cut in the first bytes is truncated, not something else.
    case !bytes.isEmpty && [0x1f, 0x8b, 0x08].starts(with: bytes.prefix(3)): return nil
    case bytes.isEmpty: self = .empty
    case has("PK\u{3}\u{4}"), has("PK\u{5}\u{6}"): self = .zip
    case has("version https://git-lfs"): self = .largeFilePointer
    case has("Rar!"): self = .rar
    case has([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]): self = .sevenZip
    case has([0x28, 0xb5, 0x2f, 0xfd]): self = .zstd
    case has([0xfd, 0x37, 0x7a, 0x58, 0x5a]): self = .xz
    case has("BZh"): self = .bzip2
    case has("GGUF"): self = .gguf
    case has("ustar", at: 257): self = .tar
    case has("CD001", at: 0x8001): self = .iso
    case has("{\"", at: 8): self = .safetensors
    case bytes.count > 1 && bytes[0] == 0x80 && (2...5).contains(bytes[1]): self = .pickle
    default:
      let text = bytes.drop { $0 == 0x20 || (0x09...0x0d).contains($0) || [0xef, 0xbb, 0xbf].contains($0) }
      let start = text.prefix(14).map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
      if start.starts(with: "<!doctype html".utf8) || start.starts(with: "<html".utf8)
        || start.starts(with: "<?xml".utf8)
      {
        self = .html
      } else {
        self = start.first == UInt8(ascii: "{") ? .json : .unknown
      }
    }
  }
}
