import Foundation
import RecurrentNumerics
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
  @Test(arguments: 1...5)
  func everyTaskRunsOnceInEachOfManyRuns(_ threads: Int) {
    let pool = WorkerPool(threads: threads)
    #expect(pool.threads == threads)
    let runs = 10_000
    let counters = TaskCounters(count: 9)
    for run in 0..<runs {
      pool.run(run % 10) { counters.add(1, to: $0) }
    }
    // Task i runs in the runs of more than i tasks, all ended when `run` returns.
    #expect(counters.values == (0..<9).map { (9 - $0) * runs / 10 })
  }

  /// Each task waits until as many have begun as there are threads: with a thread less, this never ends.
  @Test(arguments: 1...5)
  func tasksRunOnAllThreadsAtOnce(_ threads: Int) {
    let pool = WorkerPool(threads: threads)
    let counters = TaskCounters(count: 1)
    for run in 1...20 {
      pool.run(threads) { _ in
        counters.add(1, to: 0)
        while counters.values[0] < run * threads { sched_yield() }
      }
    }
    #expect(counters.values == [20 * threads])
  }

  @Test func callersTakeTurns() {
    let (callers, pool) = (WorkerPool(threads: 4), WorkerPool(threads: 3))
    let (counters, wrong) = (TaskCounters(count: 4 * 5), TaskCounters(count: 1))
    callers.run(4) { caller in
      for _ in 0..<2_000 {
        // Numbers that only this caller's tasks write: all are there when `run` returns.
        let before = counters.values[caller * 5..<caller * 5 + 5].reduce(0, +)
        pool.run(5) { counters.add(1, to: caller * 5 + $0) }
        if counters.values[caller * 5..<caller * 5 + 5].reduce(0, +) != before + 5 { wrong.add(1, to: 0) }
      }
    }
    #expect(counters.values == [Int](repeating: 2_000, count: 20) && wrong.values == [0])
  }

  @Test func runReturnsOnlyWhenEveryTaskHasEnded() {
    let pool = WorkerPool(threads: 3)
    for _ in 0..<200 {
      let counters = TaskCounters(count: 7)
      pool.run(7) { index in
        for _ in 0..<(index * 50) { counters.add(1, to: index) }
      }
      #expect(counters.values == (0..<7).map { $0 * 50 })
    }
  }

  /// Fewer values than tasks, as many, and more.
  @Test(arguments: 1...3, [0, 1, 7, 96, 1_000])
  func mappedValuesAreInOrder(_ threads: Int, _ count: Int) {
    let offset = 3
    let values = WorkerPool(threads: threads).map(count) { $0.isMultiple(of: 5) ? nil : $0 + offset }
    #expect(values == (0..<count).map { $0.isMultiple(of: 5) ? nil : $0 + 3 })
  }

  @Test func poolsWithoutWorkEndCleanly() {
    for threads in 1...5 {
      for _ in 0..<20 {
        let pool = WorkerPool(threads: threads)
        pool.run(0) { _ in Issue.record("a run of no tasks runs none") }
      }
    }
    #expect(WorkerPool(threads: 0).threads == 1)
    #expect(WorkerPool.processorCount >= 1)
  }
}

/// One atomic counter a task.
private final class TaskCounters: Sendable {
  private let counters: [Counter]

  private final class Counter: Sendable { let value = Atomic(0) }

  init(count: Int) { counters = (0..<count).map { _ in Counter() } }

  func add(_ amount: Int, to index: Int) { counters[index].value.wrappingAdd(amount, ordering: .relaxed) }

  var values: [Int] { counters.map { $0.value.load(ordering: .relaxed) } }
}
