import ArgumentParser
import RecurrentNumerics

/// Values of `--threads`.
enum ThreadCount {
  static func check(_ count: Int?) throws {
    if let count, !(1...WorkerPool.mostThreads).contains(count) {
      throw ValidationError("--threads must be from 1 to \(WorkerPool.mostThreads)")
    }
  }
}
