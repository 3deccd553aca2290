import StrictJSON

/// The numbers of known labels, by their bytes. What has the bytes of none stands for the first that is canonically
/// equivalent: files and packages need not agree on a normal form.
struct LabelNumbers {
  private var exact: [[UInt8]: Int] = [:]
  private var equivalent: [String: Int] = [:]

  init(_ labels: [String]) {
    for (number, label) in labels.enumerated() {
      exact[Array(label.utf8)] = number
      if equivalent[label] == nil { equivalent[label] = number }
    }
  }

  subscript(label: String) -> Int? { exact[Array(label.utf8)] ?? equivalent[label] }
}

/// Where labels stand in another list of the same labels, byte for byte.
struct LabelOrder {
  /// For each label its place in the other list.
  let places: [Int]

  /// Nil where the lists hold different labels.
  init?(of labels: [String], in other: [String]) {
    places = labels.compactMap { label in other.firstIndex { Array($0.utf8) == Array(label.utf8) } }
    guard places.count == labels.count, labels.count == other.count else { return nil }
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
