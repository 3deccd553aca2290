/// Numbers by 64-bit key: open addressing, at most half full. Keys are hashes already, so their low bits are the place.
struct KeyNumbers: Sendable {
  private var keys: [UInt64]
  /// One more than the number; 0 where a place is free.
  private var numbers: [UInt32]

  /// - Parameter capacity: most keys there will be.
  init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    keys = [UInt64](repeating: 0, count: size)
    numbers = [UInt32](repeating: 0, count: size)
  }

  private func place(of key: UInt64) -> Int {
    let mask = keys.count - 1
    var at = Int(truncatingIfNeeded: key) & mask
    while numbers[at] != 0 && keys[at] != key { at = (at + 1) & mask }
    return at
  }

  /// The number of a key; setting `nil` is not for this table.
  subscript(key: UInt64) -> UInt32? {
    get {
      let number = numbers[place(of: key)]
      return number == 0 ? nil : number - 1
    }
    set {
      guard let newValue else { return }
      let at = place(of: key)
      keys[at] = key
      numbers[at] = newValue + 1
    }
  }

  /// Every key with its number, in no meaningful order.
  var entries: [(key: UInt64, number: UInt32)] {
    numbers.indices.filter { numbers[$0] != 0 }.map { (keys[$0], numbers[$0] - 1) }
  }
}
