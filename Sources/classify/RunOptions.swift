import ArgumentParser
import Recurrent

/// How the work is done. None of these changes what is written for a record.
struct RunOptions: ParsableArguments {
  /// The most records that may be classified at once.
  static let greatestBatchSize = 1 << 16

  @Option(help: ArgumentHelp("Threads that classify. (default: one for each processor)", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("Records that are read before they are classified together.", valueName: "n"))
  var batchSize: Int = RecordBatch.standardCount

  @Flag(
    exclusivity: .exclusive,
    help: "Stop at the first record that cannot be read, or write an error record and go on.")
  var onBadRecord: BadRecordRule = .keepGoing

  @Flag(name: [.short, .long], help: "Say nothing of records that could not be read.")
  var quiet = false

  mutating func validate() throws {
    if let threads, !(1...WorkerPool.mostThreads).contains(threads) {
      throw ValidationError("--threads is \(threads); it must be from 1 to \(WorkerPool.mostThreads)")
    }
    guard (1...Self.greatestBatchSize).contains(batchSize) else {
      throw ValidationError("--batch-size is \(batchSize); it must be from 1 to \(Self.greatestBatchSize)")
    }
  }
}

/// What a record that cannot be read does to the run.
enum BadRecordRule: String, EnumerableFlag {
  case strict, keepGoing
}
