import ArgumentParser
import FileAccess
import StrictJSON
import TextRecords

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The process's arguments, in which texts may be broken.
///
/// An argument that is not UTF-8 becomes a mark that no argument can equal, because it starts with NUL, and that
/// `ArgumentText` reads again as the fault of that one text.
enum RawArguments {
  /// What starts the mark of an argument that is not UTF-8.
  private static let mark: Character = "\0"

  /// The arguments after the program's name.
  static func ofProcess() throws(CommandFailure) -> [String] {
    var arguments: [String] = []
    var onlyTexts = false
    for (index, argument) in ProcessArgument.all().enumerated() {
      switch argument {
      case .text(let text):
        if text == "--" { onlyTexts = true }
        arguments.append(text)
      case .bytes(let bytes):
        guard onlyTexts || bytes.first != UInt8(ascii: "-") else {
          throw CommandFailure(
            .usage, "argument \(index + 1) is not UTF-8; an option's name and value must be")
        }
        let offset = UTF8Validation.firstInvalidOffset(in: bytes) ?? 0
        arguments.append("\(mark)\(offset):\(bytes[offset])")
      }
    }
    return arguments
  }

  /// The fault that a mark stands for; `nil` for other arguments.
  static func fault(markedBy argument: String) -> RecordFault? {
    guard argument.first == mark else { return nil }
    let parts = argument.dropFirst().split(separator: ":")
    guard parts.count == 2, let offset = Int(parts[0]), let byte = UInt8(parts[1]) else { return nil }
    return .invalidUTF8(byte: byte, offset: offset)
  }

  /// Refuses the value of an option that is not UTF-8.
  static func checkIsText(_ value: String?, of option: String) throws {
    guard let value, let fault = fault(markedBy: value) else { return }
    throw ValidationError(refusal(of: option, fault))
  }

  /// The value of an environment variable, which is not repaired either: the name of a file would become that of another.
  static func text(_ value: UnsafePointer<CChar>, of variable: String) throws(CommandFailure) -> String {
    if let text = String(validatingCString: value) { return text }
    let bytes = Array(UnsafeBufferPointer(start: value, count: strlen(value))).map(UInt8.init(bitPattern:))
    let offset = UTF8Validation.firstInvalidOffset(in: bytes) ?? 0
    throw CommandFailure(
      .usage, refusal(of: variable, .invalidUTF8(byte: bytes[offset], offset: offset)))
  }

  private static func refusal(of name: String, _ fault: RecordFault) -> String {
    "the value of \(name) is not UTF-8: \(fault)"
  }
}

/// A text given as an argument, or what is wrong with it.
struct ArgumentText: ExpressibleByArgument {
  let content: Result<String, RecordFault>

  init?(argument: String) {
    content = RawArguments.fault(markedBy: argument).map(Result.failure) ?? .success(argument)
  }
}
