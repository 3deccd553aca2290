import Cryptography
import FileAccess

/// The cases of one capability: a JSON Lines file, and a row of the report.
public struct BehaviourSuite: Sendable, Equatable {
  /// The file's name without its ending.
  public let name: String
  /// In the order of the lines, 1 or more, no two that expect something of the same texts in the same way.
  public let cases: [BehaviourCase]
  /// SHA-256 of the file, 64 hexadecimal digits.
  public let sha256: String

  static let fileLimit = 64 << 20
  private static let ending = ".jsonl"

  /// Reads a file.
  public init(file path: String) throws(BehaviourSuiteError) {
    let bytes: [UInt8]
    do {
      bytes = try FileAccess.read(path, limit: Self.fileLimit)
    } catch {
      throw .file(error)
    }
    let file = FileAccess.name(of: path)
    name = file.hasSuffix(Self.ending) ? String(file.dropLast(Self.ending.count)) : file
    guard !name.isEmpty else { throw .unnamed(path: path) }
    sha256 = SHA256.hexadecimal(of: bytes)
    cases = try Self.cases(bytes, path: path)
    guard !cases.isEmpty else { throw .empty(path: path) }
  }

  /// Reads files, and of directories all files `*.jsonl` in the order of their names.
  /// - Parameter labels: the package's; a case that names another is refused.
  public static func read(_ paths: [String], labels: [String]) throws(BehaviourSuiteError) -> [BehaviourSuite]
  {
    var suites: [BehaviourSuite] = []
    for path in paths {
      for file in try files(path) {
        let suite = try BehaviourSuite(file: file)
        for entry in suite.cases {
          guard let label = entry.label, !labels.contains(label) else { continue }
          throw .unknownLabel(path: file, line: entry.line, label: label, known: labels)
        }
        guard !suites.contains(where: { $0.name == suite.name }) else {
          throw .duplicateName(path: file, name: suite.name)
        }
        suites.append(suite)
      }
    }
    return suites
  }

  private static func files(_ path: String) throws(BehaviourSuiteError) -> [String] {
    guard FileAccess.isDirectory(path) else { return [path] }
    let names: [String]
    do {
      names = try FileAccess.names(inDirectory: path)
    } catch {
      throw .file(error)
    }
    let files = names.filter { $0.hasSuffix(ending) }
    guard !files.isEmpty else { throw .noFiles(directory: path) }
    return files.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
  }

  /// One case a line; lines without one are skipped.
  private static func cases(_ bytes: [UInt8], path: String) throws(BehaviourSuiteError) -> [BehaviourCase] {
    var cases: [BehaviourCase] = []
    var lines: [[[UInt8]]: Int] = [:]
    let blank: Set<UInt8> = [0x20, 0x09, 0x0d]
    for (index, line) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
      if line.allSatisfy(blank.contains) { continue }
      let entry: BehaviourCase
      do {
        entry = try BehaviourCase(parsing: line, line: index + 1)
      } catch {
        throw .badCase(path: path, line: index + 1, error)
      }
      if let first = lines.updateValue(index + 1, forKey: subject(of: entry)) {
        throw .duplicateCase(path: path, line: index + 1, first: first)
      }
      cases.append(entry)
    }
    return cases
  }

  /// What no other case may say something else about: the texts under one kind of expectation, and the probability that moves.
  private static func subject(of entry: BehaviourCase) -> [[UInt8]] {
    var parts = [entry.kind.rawValue] + entry.texts
    if case .moves(_, let label, let direction, _) = entry.expectation {
      parts += [label, direction.rawValue]
    }
    return parts.map { Array($0.utf8) }
  }

  /// The kind of all its cases, or `mixed`.
  public var kind: BehaviourKind {
    let first = cases.first?.kind ?? .mixed
    return cases.allSatisfy { $0.kind == first } ? first : .mixed
  }
}
