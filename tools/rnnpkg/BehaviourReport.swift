import ClassifierTraining
import ModelPackage
import StrictJSON

/// The report of `rnnpkg test --suite`, for people or for programs.
struct BehaviourReport {
  private let test: BehaviourTest
  private let package: ModelPackage

  init(_ test: BehaviourTest, package: ModelPackage) {
    self.test = test
    self.package = package
  }

  func text(withFailures: Bool) -> String {
    let names = max(5, test.rows.map(\.name.count).max() ?? 0)
    let kinds = BehaviourKind.minimumFunctionality.rawValue.count
    func line(_ name: String, _ kind: String, _ cases: String, _ failures: String, _ share: String) -> String
    {
      padded(name, names) + "  " + padded(kind, kinds) + aligned(cases, 8) + aligned(failures, 10)
        + aligned(share, 9)
    }
    var lines = ["\(package.manifest.reference)", ""]
    lines.append(line("row", "kind", "cases", "failures", "share"))
    for row in test.rows {
      lines.append(
        line(
          row.name, row.kind.rawValue, grouped(row.cases), grouped(row.failures.count),
          percent(row.failures.count, of: row.cases)))
    }
    lines.append(
      line(
        "total", "", grouped(test.cases), grouped(test.failures), percent(test.failures, of: test.cases)))
    if withFailures { lines += test.rows.flatMap(failures) }
    return lines.map(EscapedText.unquoted).joined(separator: "\n") + "\n"
  }

  /// Two lines a case, whatever line feeds its texts hold: these are escaped with the rest.
  private func failures(_ row: BehaviourTest.Row) -> [String] {
    guard !row.failures.isEmpty else { return [] }
    return ["", row.name]
      + row.failures.flatMap { ["  line \($0.line): \($0.text)", "    \(explanation($0.finding))"] }
  }

  private func explanation(_ finding: BehaviourTest.Failure.Finding) -> String {
    switch finding {
    case .label(let expected, let found, let probability):
      "expected \(expected), found \(found) (\(decimals(Double(probability), 3)))"
    case .changed(let variant, let from, let to): "\(from), but \(to): \(variant)"
    case .moved(let variant, let label, let direction, let before, let after):
      "\(label) goes from \(decimals(Double(before), 3)) to \(decimals(Double(after), 3)), expected \(direction.rawValue): "
        + variant
    }
  }

  var json: JSONValue {
    [
      "model": .string(package.manifest.reference), "packageID": .string(package.id),
      "cases": .integer(Int64(test.cases)), "failures": .integer(Int64(test.failures)),
      "failureRate": .number(test.failureRate), "rows": .array(test.rows.map(json)),
    ]
  }

  private func json(_ row: BehaviourTest.Row) -> JSONValue {
    [
      "name": .string(row.name), "kind": .string(row.kind.rawValue), "sha256": .string(row.sha256),
      "cases": .integer(Int64(row.cases)), "failures": .integer(Int64(row.failures.count)),
      "failureRate": .number(row.failureRate), "failed": .array(row.failures.map(json)),
    ]
  }

  private func json(_ failure: BehaviourTest.Failure) -> JSONValue {
    var object = JSONObject()
    object["line"] = .integer(Int64(failure.line))
    object["text"] = .string(failure.text)
    switch failure.finding {
    case .label(let expected, let found, let probability):
      object["expected"] = .string(expected)
      object["found"] = .string(found)
      object["probability"] = .number(Double(probability))
    case .changed(let variant, let from, let to):
      object["variant"] = .string(variant)
      object["expected"] = .string(from)
      object["found"] = .string(to)
    case .moved(let variant, let label, let direction, let before, let after):
      object["variant"] = .string(variant)
      object["direction"] = .string("\(label)-\(direction.rawValue)")
      object["before"] = .number(Double(before))
      object["after"] = .number(Double(after))
    }
    return .object(object)
  }
}

/// A share as percent, with one decimal.
func percent(_ part: Int, of whole: Int) -> String {
  "\(decimals(100 * Double(part) / Double(max(whole, 1)), 1)) %"
}
