extension WorkerPool {
  /// Runs `transform` for 0..<count on the pool's threads; results in order. It must not run others on its own pool.
  package func map<Value: Sendable>(_ count: Int, _ transform: @Sendable (Int) -> Value) -> [Value] {
    // Many small tasks, so that threads end together.
    let tasks = Swift.min(count, threads * 32)
    return withoutActuallyEscaping(transform) { transform in
      let found = TaskResults<Value>(count)
      run(tasks) { task in
        for index in stride(from: task, to: count, by: tasks) { found[index] = transform(index) }
      }
      return (0..<count).compactMap { found[$0] }
    }
  }
}
