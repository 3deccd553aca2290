/// Gates of stacked rows in another system's order.
struct GateOrder: Equatable {
  /// For each gate of the other system, its place in PyTorch's order.
  let places: [Int]

  /// One gate.
  static let vanilla = GateOrder(places: [0])
  /// i, o, f, c from i, f, g, o.
  static let onnxLSTM = GateOrder(places: [0, 3, 1, 2])
  /// z, r, h from r, z, n.
  static let onnxGRU = GateOrder(places: [1, 0, 2])

  /// `[gates·hidden, …]` with the rows of each gate, `[hidden, …]`, where the other system has them.
  func reordered(_ values: [Float]) -> [Float] {
    precondition(
      values.count.isMultiple(of: places.count), "\(values.count) numbers of \(places.count) gates")
    let block = values.count / places.count
    return places.flatMap { values[$0 * block..<($0 + 1) * block] }
  }
}
