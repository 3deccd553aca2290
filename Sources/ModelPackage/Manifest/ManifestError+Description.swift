import StrictJSON

extension ManifestError: CustomStringConvertible {
  /// One line: the path of the member and what is wrong with it, without the name of the file.
  public var description: String {
    switch self {
    case .json(let error): "\(error)"
    case .decoding(let error): "\(error)"
    case .encoding(let error): "\(error)"
    case .formatMissing: "key \"format\" is missing, expected \"\(Manifest.currentFormat)\""
    case .formatNotString(let found):
      "format: expected the string \"\(Manifest.currentFormat)\", found \(found)"
    case .formatUnknown(let found):
      "format: expected \"\(Manifest.currentFormat)\", found \(EscapedText(found))"
    case .newerFormat(let found, let supported):
      "made by a newer version (\(found)); this one reads up to \(supported)"
    case .newerEngine(let needed, let found):
      "the package needs engine \(EscapedText.unquoted(needed)) or newer; this one is \(found)"
    case .newerFeature(let path, let found): "\(path): made by a newer version, which stored \(found) here"
    case .number(let path, let found, let expected): "\(path): expected \(expected), found \(found)"
    case .text(let path, let found, let rule): "\(path): \(EscapedText(found)) is not allowed, \(rule)"
    case .count(let path, let found, let limit): "\(path): \(found) entries (limit \(limit))"
    case .noLabels: "task.labels: a classifier needs at least one label, found none"
    case .duplicateLabel(let label): "task.labels: \(EscapedText(label)) appears twice"
    case .mismatch(let path, let found, let other, let expected):
      "\(path): \(found) does not agree with \(other), which has \(expected)"
    case .fileName(let name): "files: \(EscapedText(name)) is no file of a package"
    case .tooLarge(let bytes, let limit): "\(bytes) bytes of manifest (limit \(limit))"
    }
  }
}
