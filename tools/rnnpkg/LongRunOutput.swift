import FileAccess

/// A checkpoint that a new run would replace.
struct UnfinishedRun: Error, CustomStringConvertible {
  let checkpoint: String

  var description: String {
    "\(checkpoint): an unfinished run is kept there; go on with it by --resume, or give --restart to begin anew, which loses it"
  }
}

/// Where a run of hours writes: everything that could fail at its end is tried before its start.
struct LongRunOutput {
  let path: String
  /// What is kept until the run is done.
  let checkpoint: String
  private let lock: FileLock

  /// - Parameters:
  ///   - log: another file that is written meanwhile.
  ///   - inputs: files that are read.
  ///   - mayReplaceCheckpoint: whether an unfinished run that is there goes on, or is to be lost.
  /// - Throws: `FileError` where a file could not be made, is one of the others, or belongs to another process.
  init(_ path: String, log: String? = nil, inputs: [String], mayReplaceCheckpoint: Bool) throws {
    self.path = path
    checkpoint = path + ".checkpoint"
    let outputs = [path, checkpoint] + (log.map { [$0] } ?? [])
    for (index, output) in outputs.enumerated() {
      try FileAccess.checkOutput(output, isNoneOf: inputs)
      for other in outputs[..<index] where FileAccess.isSamePlace(output, other) {
        throw FileError.outputTwice(path: output, other: other)
      }
    }
    if let log { try AtomicFile.checkWritable(log) }
    try AtomicFile.checkWritable(path, acceptsStreams: false)
    lock = try FileLock(output: path)
    try AtomicFile.checkWritable(checkpoint, acceptsStreams: false)
    guard mayReplaceCheckpoint || !FileAccess.exists(checkpoint) else {
      throw UnfinishedRun(checkpoint: checkpoint)
    }
  }

  /// Lets other processes write here.
  func release() { lock.release() }
}
