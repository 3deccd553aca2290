import StrictJSON

extension PackageError: CustomStringConvertible {
  /// What is wrong, without the name of the package, except for errors that name a file of their own.
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .notAPackage(let lookalike): "not a package: \(lookalike)"
    case .truncated(let bytes): "truncated: the package ends early, after \(bytes) bytes; fetch it again"
    case .damaged(let damage): "damaged: \(damage); fetch it again"
    case .trailingData(let bytes):
      "\(bytes) \(bytes == 1 ? "byte follows" : "bytes follow") the end of the package"
    case .archive(let entry?, let reason): "member \(EscapedText(entry)): \(EscapedText.unquoted(reason))"
    case .archive(nil, let reason): "malformed archive: \(EscapedText.unquoted(reason))"
    case .entryName(let name): "\(EscapedText(name)) is not the name of a file that a package can hold"
    case .notPlainFile(let entry, let kind):
      "member \(EscapedText(entry)) is not a plain file but a \(kind.rawValue)"
    case .duplicateEntry(let entry): "duplicate member \(EscapedText(entry))"
    case .wrongOrder(let entry, let after):
      "member \(EscapedText(entry)) may not follow \(EscapedText(after))"
    case .tooManyEntries(let limit): "too many members (limit \(limit))"
    case .entryTooLarge(let entry, let size, let limit):
      "member \(EscapedText(entry)) is too large (\(size) bytes, limit \(limit))"
    case .packageTooLarge(let size, let limit): "too large (\(size) bytes, limit \(limit))"
    case .overhead(let limit):
      "inflates to more than \(limit) bytes beside its files, as a decompression bomb does"
    case .ratio(let limit):
      "inflates to more than \(limit) times its size, as a decompression bomb does"
    case .missingEntry(let entry): "member \(EscapedText(entry)) is missing"
    case .unlistedEntry(let entry): "member \(EscapedText(entry)) is not in the manifest's table of files"
    case .sizeMismatch(let entry, let expected, let found):
      "member \(EscapedText(entry)) has \(found) bytes, the manifest says \(expected)"
    case .digestMismatch(let entry, let expected, let found):
      "member \(EscapedText(entry)) has SHA-256 \(found.prefix(12))…, the manifest says \(expected.prefix(12))…"
    case .manifest(let error): "manifest.json: \(error)"
    case .tensors(let error): "weights.safetensors: \(error)"
    case .goldenCase(let line, let reason): "checks.jsonl: line \(line): \(reason)"
    case .invalidUTF8(let entry, let offset): "\(EscapedText(entry)): invalid UTF-8 at offset \(offset)"
    case .vocabularySize(let lines, let manifest):
      "vocabulary.txt has \(lines) lines, manifest.json says tokenizer.size \(manifest)"
    case .parameterCount(let tensors, let manifest):
      "weights.safetensors holds \(tensors) numbers, manifest.json says model.parameters \(manifest)"
    case .tensorType(let tensor, let found, let manifest):
      "tensor \(EscapedText(tensor)) is stored as \(found.rawValue), manifest.json says model.dtype \(manifest.rawValue)"
    case .unexpectedFile(let directory, let name):
      "\(EscapedText.unquoted(directory)): \(EscapedText(name)) is no file of a package; remove it first"
    case .signature(let error): "\(error)"
    case .directorySignature(let path, let error):
      "\(EscapedText.unquoted(path)): \(error.fault); remove the file to pack without a signature"
    }
  }

  /// The message with the name of the package in front, once.
  public func message(for path: String) -> String {
    switch self {
    case .file, .unexpectedFile, .directorySignature: description
    default: "\(EscapedText.unquoted(path)): \(description)"
    }
  }
}

extension PackageError.Lookalike: CustomStringConvertible {
  /// What the file is instead and, where that helps, what to do; it stands behind "not a package: ".
  public var description: String {
    switch self {
    case .empty: "the file is empty"
    case .html: "this is a web page; the download failed or needs a login"
    case .zip:
      "this is a zip archive, such as PyTorch and Keras write, not a package; make one with `rnnpkg train` or `rnnpkg pack`"
    case .pickle: "this is a Python pickle, which can run code and is never loaded"
    case .largeFilePointer: "this is a Git LFS pointer; run \"git lfs pull\" to get the file"
    case .rar: "this is a rar archive"
    case .sevenZip: "this is a 7-Zip archive"
    case .tar: "this is a tar archive without gzip; compress it with gzip"
    case .zstd: "this is compressed with zstd, which this version does not read; use gzip"
    case .xz: "this is compressed with xz; use gzip"
    case .bzip2: "this is compressed with bzip2; use gzip"
    case .safetensors:
      "this is a bare safetensors file without manifest, not a package; make one with `rnnpkg train` or `rnnpkg pack`"
    case .json: "this is a JSON file"
    case .gguf: "this is a GGUF file"
    case .iso: "this is a disk image"
    case .gzipOfOther: "this is gzip, but no tar archive is in it"
    case .unknown: "the file does not start as gzip does"
    }
  }
}

extension PackageError.Damage: CustomStringConvertible {
  /// What does not agree, and with what; it stands behind "damaged: ".
  public var description: String {
    switch self {
    case .checksum(let expected, let found):
      "the data has checksum \(String(found, radix: 16)), its end says \(String(expected, radix: 16))"
    case .length(let expected, let found): "the data has \(found) bytes, its end says \(expected)"
    case .compression(let reason): "the compressed data cannot be read (\(reason))"
    }
  }
}
