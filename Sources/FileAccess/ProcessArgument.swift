/// An argument of this process as the system gives it.
///
/// Swift's `CommandLine.arguments` repairs bytes that are not UTF-8, so that a broken text would be taken for another text, and
/// a broken name for that of another file.
package enum ProcessArgument: Sendable {
  case text(String)
  /// Bytes that are not UTF-8.
  case bytes([UInt8])

  /// The arguments after the program's name.
  package static func all() -> [ProcessArgument] {
    let pointers = UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
    return pointers.dropFirst().compactMap { pointer in
      pointer.map { ProcessArgument(UnsafeRawPointer($0)) }
    }
  }

  /// - Parameter string: what a NUL ends.
  private init(_ string: UnsafeRawPointer) {
    let start = string.assumingMemoryBound(to: UInt8.self)
    var count = 0
    while start[count] != 0 { count += 1 }
    let bytes = UnsafeBufferPointer(start: start, count: count)
    if let text = String(validating: bytes, as: UTF8.self) {
      self = .text(text)
    } else {
      self = .bytes(Array(bytes))
    }
  }
}
