/// A place for what each task of a pool finds: task i alone touches place i while tasks run.
final class TaskResults<Value>: @unchecked Sendable {
  private let places: UnsafeMutablePointer<Value?>
  let count: Int

  init(_ count: Int) {
    self.count = count
    places = .allocate(capacity: Swift.max(1, count))
    places.initialize(repeating: nil, count: count)
  }

  deinit {
    places.deinitialize(count: count)
    places.deallocate()
  }

  subscript(index: Int) -> Value? {
    get {
      precondition(index < count, "\(index) of \(count)")
      return places[index]
    }
    set {
      precondition(index < count, "\(index) of \(count)")
      places[index] = newValue
    }
  }
}
