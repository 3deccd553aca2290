import ArgumentParser

/// The options of commands that work for hours: where they go on from, and how they report.
struct LongRunArguments: ParsableArguments {
  @Flag(help: "Go on from the checkpoint beside the output.")
  var resume = false
  @Flag(help: "Begin anew where there is a checkpoint of an unfinished run, which is lost then.")
  var restart = false
  @Option(help: "Seconds between checkpoints within an epoch.")
  var checkpointEvery = 300.0
  @Option(help: "Threads; results do not depend on it. Default: one for each processor.")
  var threads: Int?
  @Flag(name: .shortAndLong, help: "No progress on standard error.")
  var quiet = false

  /// What makes the same command go on, as a message says it.
  var resumption: String { restart ? "--resume in place of --restart" : "--resume" }

  func validate() throws {
    try ThreadCount.check(threads)
    guard checkpointEvery >= 0, checkpointEvery.isFinite else {
      throw ValidationError("--checkpoint-every must be 0 or more seconds")
    }
    if resume, restart { throw ValidationError("--resume and --restart exclude each other") }
  }
}
