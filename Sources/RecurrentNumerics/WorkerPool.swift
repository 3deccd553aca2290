#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Threads that live as long as the pool and run numbered tasks; the calling thread works too. Callers may share a pool: they
/// take turns.
///
/// Which thread runs a task never changes a result: tasks write to memory of their own.
public final class WorkerPool: Sendable {
  /// Threads that work, the caller's included.
  public let threads: Int
  private let queue: TaskQueue
  private let handles: ThreadHandles
  /// Held by the caller whose tasks run.
  private let turn = Guarded(())

  /// More threads than this only take memory.
  public static let mostThreads = 1024

  /// - Parameter threads: how many threads work, at least 1 and at most `mostThreads`; by default one for each processor.
  public init(threads: Int? = nil) {
    let wanted = Swift.min(Swift.max(1, threads ?? WorkerPool.processorCount), WorkerPool.mostThreads)
    let queue = TaskQueue()
    var handles: [pthread_t] = []
    while handles.count + 1 < wanted {
      // Where no more threads are to be had (a process limit), the pool works with those it has.
      guard let handle = startThread(working: queue) else { break }
      handles.append(handle)
    }
    self.queue = queue
    self.handles = ThreadHandles(handles: handles)
    self.threads = handles.count + 1
  }

  deinit {
    queue.stop()
    for handle in handles.handles { pthread_join(handle, nil) }
  }

  /// Processors that are on.
  public static var processorCount: Int { Swift.max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Runs `task(0)` … `task(count - 1)` and returns when all have ended. A task must not run others on its own pool.
  public func run(_ count: Int, _ task: @escaping @Sendable (Int) -> Void) {
    let caller = pthread_self()
    precondition(
      !queue.isRun(by: caller) && !handles.handles.contains { pthread_equal($0, caller) != 0 },
      "a task runs others on its own pool, which would wait for itself")
    guard count > 1, threads > 1 else {
      for index in 0..<count { task(index) }
      return
    }
    turn.withLock { _ in
      queue.begin(count, task)
      queue.workUntilEmpty()
      queue.waitForAll()
    }
  }
}

extension WorkerPool {
  /// Cuts 0..<count into adjacent parts, one a thread, and runs `task` on each: for element-wise work, where the cut
  /// changes no result.
  /// - Parameter minimum: least elements that are worth a thread.
  package func runParts(of count: Int, minimum: Int, _ task: @escaping @Sendable (Range<Int>) -> Void) {
    let parts = Swift.max(1, Swift.min(threads, count / minimum))
    run(parts) { part in task(count * part / parts..<count * (part + 1) / parts) }
  }
}

/// `pthread_t` is an opaque pointer on some systems and says nothing of threads sharing it.
private struct ThreadHandles: @unchecked Sendable {
  let handles: [pthread_t]
}

private func startThread(working queue: TaskQueue) -> pthread_t? {
  let box = Unmanaged.passRetained(queue)
  #if canImport(Darwin)
    var handle: pthread_t?
    let body: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = { argument in
      Unmanaged<TaskQueue>.fromOpaque(argument).takeRetainedValue().workForever()
      return nil
    }
    guard pthread_create(&handle, nil, body, box.toOpaque()) == 0 else {
      box.release()
      return nil
    }
    return handle
  #else
    var handle = pthread_t()
    let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
      guard let argument else { return nil }
      Unmanaged<TaskQueue>.fromOpaque(argument).takeRetainedValue().workForever()
      return nil
    }
    guard pthread_create(&handle, nil, body, box.toOpaque()) == 0 else {
      box.release()
      return nil
    }
    return handle
  #endif
}

/// The numbered tasks of one `run`, handed out under a lock.
private final class TaskQueue: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let finished = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  // Guarded by `mutex`.
  private var task: (@Sendable (Int) -> Void)?
  private var next = 0
  private var total = 0
  private var unfinished = 0
  private var caller: pthread_t?
  private var isStopping = false

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wake, nil)
    pthread_cond_init(finished, nil)
  }

  deinit {
    pthread_cond_destroy(wake)
    pthread_cond_destroy(finished)
    pthread_mutex_destroy(mutex)
    wake.deallocate()
    finished.deallocate()
    mutex.deallocate()
  }

  func begin(_ count: Int, _ task: @escaping @Sendable (Int) -> Void) {
    pthread_mutex_lock(mutex)
    self.task = task
    next = 0
    total = count
    unfinished = count
    caller = pthread_self()
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(mutex)
  }

  /// Whether the tasks are a thread's that calls `WorkerPool.run`.
  func isRun(by thread: pthread_t) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return caller.map { pthread_equal($0, thread) != 0 } ?? false
  }

  func workUntilEmpty() {
    pthread_mutex_lock(mutex)
    while next < total { runNext() }
    pthread_mutex_unlock(mutex)
  }

  func workForever() {
    pthread_mutex_lock(mutex)
    while !isStopping {
      if next < total { runNext() } else { pthread_cond_wait(wake, mutex) }
    }
    pthread_mutex_unlock(mutex)
  }

  /// Takes one task and runs it without the lock, which is held on entry and on return.
  private func runNext() {
    guard let task else { return }
    let index = next
    next += 1
    pthread_mutex_unlock(mutex)
    task(index)
    pthread_mutex_lock(mutex)
    unfinished -= 1
    if unfinished == 0 { pthread_cond_signal(finished) }
  }

  func waitForAll() {
    pthread_mutex_lock(mutex)
    while unfinished > 0 { pthread_cond_wait(finished, mutex) }
    task = nil
    caller = nil
    pthread_mutex_unlock(mutex)
  }

  func stop() {
    pthread_mutex_lock(mutex)
    isStopping = true
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(mutex)
  }
}
