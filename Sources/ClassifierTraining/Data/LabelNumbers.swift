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
