import ArgumentParser

/// The options of commands that work for hours: where they go on from, and how they report.
struct LongRunArguments: ParsableArguments {
  @Flag(help: "Go on from the checkpoint beside the output.")
  var resume = false
  @Option(help: "Seconds between checkpoints within an epoch.")
  var checkpointEvery = 300.0
  @Option(help: "Threads; results do not depend on it. Default: one for each processor.")
  var threads: Int?
  @Flag(name: .shortAndLong, help: "No progress on standard error.")
  var quiet = false

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be 1 or more") }
    if checkpointEvery < 0 { throw ValidationError("--checkpoint-every must be 0 or more seconds") }
  }
}
