import StrictJSON

/// Where labels stand in another list of the same labels. Those of a package need not have the normal form of those of data.
struct LabelOrder {
  /// For each label its place in the other list.
  let places: [Int]

  /// Nil where the lists hold different labels.
  init?(of labels: [String], in other: [String]) {
    let numbers = LabelNumbers(other)
    places = labels.compactMap { numbers[$0] }
    guard labels.count == other.count, Set(places).count == labels.count else { return nil }
  }

  /// The first labels of a list, safe to print.
  static func shown(_ labels: [String]) -> String {
    labels.prefix(8).map { "\(EscapedText($0))" }.joined(separator: ", ") + (labels.count > 8 ? ", …" : "")
  }

  /// Equal parts of `values`, one for each label of the other list, in the order of these.
  func rows(of values: [Float]) -> [Float] {
    let width = values.count / places.count
    return places.flatMap { values[$0 * width..<($0 + 1) * width] }
  }
}
