/// Sizes of a tensor's dimensions, as a file states them.
enum TensorShape {
  /// The product of the dimensions; `nil` when it is beyond `Int`.
  static func elementCount(_ shape: [Int]) -> Int? {
    var count = 1
    for size in shape {
      let (product, overflowed) = count.multipliedReportingOverflow(by: size)
      if overflowed { return nil }
      count = product
    }
    return count
  }
}
