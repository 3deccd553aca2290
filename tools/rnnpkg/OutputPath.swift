import ArgumentParser

/// Values of options that name a file to write.
enum OutputPath {
  static func check(_ path: String?, of option: String = "--output") throws {
    if path == "" { throw ValidationError("\(option) is empty; name a file") }
  }
}
