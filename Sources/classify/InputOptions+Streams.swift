import FileAccess
import TextRecords

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension InputOptions {
  /// Whether a person types one of the inputs.
  var readsTerminal: Bool {
    paths.contains(RecordReader.standardInputPath) && StandardDescriptors.isInputTerminal
  }

  /// Whether one of the inputs is a stream, such as a pipe, whose writer may take its time.
  var readsStream: Bool {
    paths.contains { path in
      path == RecordReader.standardInputPath ? StandardDescriptors.isInputStream : Self.isStream(path)
    }
  }

  /// Looks without opening: to open a pipe would wait for its writer.
  private static func isStream(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }
}
