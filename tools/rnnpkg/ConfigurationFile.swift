import FileAccess
import StrictJSON
import TOMLKit

/// Why a configuration file cannot be used.
struct ConfigurationFileError: Error, CustomStringConvertible {
  let path: String
  let reason: String
  var description: String { "\(path): \(reason)" }
}

/// Configurations as TOML: read over the defaults, and written whole.
enum ConfigurationFile {
  /// Most bytes of a configuration.
  private static let limit = 1 << 20

  /// The file's tables as a tree.
  static func read(_ path: String) throws -> JSONValue {
    let bytes = try FileAccess.read(path, limit: limit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationFileError(path: path, reason: "it is not valid UTF-8")
    }
    do {
      // As JSON has them: integers in decimal; nan and inf as strings, which no option of a number takes.
      let options: FormatOptions = [.quoteDateAndTimes, .quoteInfinitesAndNaNs, .allowUnicodeStrings]
      return try JSONValue(parsing: Array(TOMLTable(string: text).convert(to: .json, options: options).utf8))
    } catch let error as TOMLParseError {
      throw ConfigurationFileError(
        path: path, reason: "line \(error.source.begin.line): \(error.description)")
    } catch let error as JSONError {
      // Its line and column are those of the JSON, which nobody has seen.
      throw ConfigurationFileError(path: path, reason: "\(error.reason)")
    } catch {
      throw ConfigurationFileError(path: path, reason: "\(error)")
    }
  }

  /// The text of a tree: plain values first, then one table after another.
  static func text(_ tree: JSONValue) -> String {
    var lines: [String] = []
    append(tree, path: [], to: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func append(_ value: JSONValue, path: [String], to lines: inout [String]) {
    guard case .object(let object) = value else { return }
    for member in object {
      switch member.value {
      case .object, .null: continue
      case .array(let elements) where elements.contains(where: { $0.objectValue != nil }): continue
      default: lines.append("\(key(member.key)) = \(scalar(member.value))")
      }
    }
    for member in object {
      switch member.value {
      case .object:
        lines += ["", "[\(name(path + [member.key]))]"]
        append(member.value, path: path + [member.key], to: &lines)
      case .array(let elements) where elements.contains(where: { $0.objectValue != nil }):
        for element in elements {
          lines += ["", "[[\(name(path + [member.key]))]]"]
          append(element, path: path + [member.key], to: &lines)
        }
      default: continue
      }
    }
  }

  private static func name(_ path: [String]) -> String { path.map(key).joined(separator: ".") }

  /// A key as it is where TOML allows that, else quoted.
  private static func key(_ key: String) -> String {
    let isBare =
      !key.isEmpty && key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    return isBare ? key : scalar(.string(key))
  }

  /// JSON's scalars and arrays of them are TOML's too, but for a raw DEL.
  private static func scalar(_ value: JSONValue) -> String {
    if case .array(let elements) = value { return "[\(elements.map(scalar).joined(separator: ", "))]" }
    return String(decoding: value.compactBytes(), as: UTF8.self).replacing("\u{7f}", with: "\\u007F")
  }
}
