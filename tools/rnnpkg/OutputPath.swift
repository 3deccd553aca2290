import ArgumentParser

/// Values of options and arguments that name a file or directory to write.
enum OutputPath {
  static func check(_ path: String?, of option: String = "--output", kind: String = "a file") throws {
    switch path {
    case "": throw ValidationError("\(option) is empty; name \(kind)")
    case "-":
      throw ValidationError(
        "\(option) -: name \(kind); /dev/stdout is standard output, and ./- is a place of that name")
    case let path?: keepStandardOutput(for: path)
    case nil: break
    }
  }
}
