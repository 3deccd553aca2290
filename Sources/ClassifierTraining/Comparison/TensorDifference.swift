import ModelPackage

/// How a tensor of one package differs from that of the same name in another.
public struct TensorDifference: Sendable, Equatable {
  /// How a tensor is stored, and of what size.
  public struct Form: Sendable, Equatable {
    /// How numbers are stored; `u8` for the bytes of a partner.
    public let dtype: TensorType
    /// Sizes of the dimensions, outermost first.
    public let shape: [Int]

    init(_ tensor: Tensor) {
      dtype = tensor.dtype
      shape = tensor.shape
    }
  }

  /// How far numbers moved.
  public struct Change: Sendable, Equatable {
    /// max |b − a|
    public let largest: Double
    /// ‖b − a‖ / ‖a‖, Euclidean; infinite where all of a is 0.
    public let relative: Double
  }

  /// As in `weights.safetensors`.
  public let name: String
  /// `nil` where the first package has no such tensor.
  public let before: Form?
  /// `nil` where the second package has no such tensor.
  public let after: Form?
  /// `nil` where sizes differ or one is missing.
  public let change: Change?

  /// The tensors that differ, in the order of their names, and how many are the same to the bit.
  public static func all(_ before: TensorFile, _ after: TensorFile) -> (
    differences: [TensorDifference], identical: Int
  ) {
    let old = named(before)
    let new = named(after)
    var differences: [TensorDifference] = []
    var identical = 0
    let names = Set(old.keys).union(new.keys)
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let (first, second) = (old[name], new[name])
      if let first, let second, isSame(first, second) {
        identical += 1
        continue
      }
      differences.append(
        TensorDifference(
          name: name, before: first.map(Form.init), after: second.map(Form.init),
          change: first.flatMap { first in second.flatMap { Change(first, $0) } }))
    }
    return (differences, identical)
  }

  /// To the bit: -0 is not 0, and a NaN is itself.
  private static func isSame(_ first: Tensor, _ second: Tensor) -> Bool {
    Form(first) == Form(second)
      && first.values.elementsEqual(second.values) { $0.bitPattern == $1.bitPattern }
  }

  private static func named(_ file: TensorFile) -> [String: Tensor] {
    Dictionary(file.tensors.map { ($0.name, $0) }) { first, _ in first }
  }
}

extension TensorDifference.Change {
  init?(_ before: Tensor, _ after: Tensor) {
    guard before.shape == after.shape else { return nil }
    var largest = 0.0
    var (moved, size) = (0.0, 0.0)
    for (old, new) in zip(before.values, after.values) {
      let difference = Double(new) - Double(old)
      largest = Swift.max(largest, difference.magnitude)
      moved += difference * difference
      size += Double(old) * Double(old)
    }
    self.largest = largest
    relative = moved == 0 ? 0 : (moved / size).squareRoot()
  }
}
