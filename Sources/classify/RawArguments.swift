import ArgumentParser
import StrictJSON
import TextRecords

/// The process's arguments as the system gives them.
///
/// Swift's `CommandLine.arguments` repairs bytes that are not UTF-8, so that a broken text would be classified as
/// another text. Here such an argument becomes a mark that no argument can equal, because it starts with NUL, and
/// that `ArgumentText` reads again as the fault of that one text.
enum RawArguments {
  /// What starts the mark of an argument that is not UTF-8.
  private static let mark: Character = "\0"

  /// The arguments after the program's name.
  static func ofProcess() throws(CommandFailure) -> [String] {
    var arguments: [String] = []
    var onlyTexts = false
    let pointers = UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
    for (position, pointer) in pointers.enumerated() where position > 0 {
      guard let pointer else { break }
      let argument = UnsafeMutableRawPointer(pointer).withArgumentBytes { bytes in
        (text: String(validating: bytes, as: UTF8.self), fault: fault(of: bytes), first: bytes.first)
      }
      if let text = argument.text {
        if text == "--" { onlyTexts = true }
        arguments.append(text)
        continue
      }
      guard onlyTexts || argument.first != UInt8(ascii: "-") else {
        throw CommandFailure(.usage, "argument \(position) is not UTF-8; an option's name and value must be")
      }
      arguments.append("\(mark)\(argument.fault.offset):\(argument.fault.byte)")
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
    throw ValidationError("the value of \(option) is not UTF-8: \(fault)")
  }

  private static func fault(of bytes: UnsafeBufferPointer<UInt8>) -> (offset: Int, byte: UInt8) {
    guard let offset = UTF8Validation.firstInvalidOffset(in: bytes) else { return (0, 0) }
    return (offset, bytes[offset])
  }
}

/// A text given as an argument, or what is wrong with it.
struct ArgumentText: ExpressibleByArgument {
  let content: Result<String, RecordFault>

  init?(argument: String) {
    content = RawArguments.fault(markedBy: argument).map(Result.failure) ?? .success(argument)
  }
}

extension UnsafeMutableRawPointer {
  /// The bytes of a C string, without the NUL.
  fileprivate func withArgumentBytes<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
    let bytes = assumingMemoryBound(to: UInt8.self)
    var count = 0
    while bytes[count] != 0 { count += 1 }
    return body(UnsafeBufferPointer(start: bytes, count: count))
  }
}
