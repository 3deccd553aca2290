import ArgumentParser
import FileAccess
import TextRecords

/// Text files that are read more than once.
enum RereadFiles {
  /// Refuses what can be read only once, before anything is read of it.
  static func check(_ paths: [String]) throws {
    if paths.contains(RecordReader.standardInputPath) {
      throw ValidationError(
        "standard input cannot be read twice, as this command reads its texts; give a file")
    }
    for path in paths { try FileAccess.checkRegular(path) }
  }
}
