import FileAccess

/// Where a run of hours writes: everything that could fail at its end is tried before its start.
struct LongRunOutput {
  let path: String
  /// What is kept until the run is done.
  let checkpoint: String
  private let lock: FileLock

  /// - Parameters:
  ///   - log: another file that is written meanwhile.
  ///   - inputs: files that are read.
  /// - Throws: `FileError` where a file could not be made, is one of the others, or belongs to another process.
  init(_ path: String, log: String? = nil, inputs: [String]) throws {
    self.path = path
    checkpoint = path + ".checkpoint"
    let outputs = [path, checkpoint] + (log.map { [$0] } ?? [])
    for (index, output) in outputs.enumerated() {
      try FileAccess.checkOutput(output, isNoneOf: inputs)
      for other in outputs[..<index] where FileAccess.isSamePlace(output, other) {
        throw FileError.outputTwice(path: output, other: other)
      }
    }
    try AtomicFile.checkWritable(path, acceptsStreams: false)
    lock = try FileLock(output: path)
    try AtomicFile.checkWritable(checkpoint, acceptsStreams: false)
  }

  /// Lets other processes write here.
  func release() { lock.release() }
}
