import ArgumentParser
import ClassifierTraining
import FileAccess
import TextRecords

/// Text files, and folders of them, that are read more than once.
enum RereadFiles {
  /// Refuses standard input in more than one place: who reads it second finds it empty.
  static func checkStandardInput(_ paths: [String]) throws {
    guard paths.count(where: { $0 == RecordReader.standardInputPath }) > 1 else { return }
    throw ValidationError(
      "standard input (-) is named twice, and can be read once; give a file for one of them")
  }

  /// Refuses what can be read only once, before anything is read of it.
  static func check(_ paths: [String]) throws {
    if paths.contains(RecordReader.standardInputPath) {
      throw ValidationError(
        "standard input cannot be read twice, as this command reads its texts; give a file")
    }
    for path in paths where !TextFolder.isOne(path) { try FileAccess.checkRegular(path) }
  }
}
