/// Places for what the tasks of a pool find, all empty at first: while tasks run, one alone touches a place.
package final class TaskResults<Value>: @unchecked Sendable {
  private let places: UnsafeMutablePointer<Value?>
  package let count: Int

  package init(_ count: Int) {
    self.count = count
    places = .allocate(capacity: Swift.max(1, count))
    places.initialize(repeating: nil, count: count)
  }

  deinit {
    places.deinitialize(count: count)
    places.deallocate()
  }

  package subscript(index: Int) -> Value? {
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
