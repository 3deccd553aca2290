import ModelPackage
import StrictJSON
import Testing

/// The fixture's manifest with one thing changed, and why it is refused.
protocol ManifestRefusals {}

extension ManifestRefusals {
  /// The fixture's manifest as JSON, with the value at `path` replaced, or removed by `nil`.
  func changed(_ path: String, _ value: JSONValue?) throws -> JSONValue {
    let whole = try JSONValue(parsing: PackageFixture.package().manifestBytes)
    return replace(path.split(separator: ".").map(String.init)[...], in: whole, by: value)
  }

  func replace(_ path: ArraySlice<String>, in whole: JSONValue, by value: JSONValue?) -> JSONValue {
    guard let key = path.first, case .object(var object) = whole else { return whole }
    if path.count == 1 {
      object[key] = value
    } else {
      object[key] = replace(path.dropFirst(), in: object[key] ?? [:], by: value)
    }
    return .object(object)
  }

  func refusal(_ value: JSONValue) -> ManifestError? {
    #expect(throws: ManifestError.self) { try Manifest(value) }
  }
}
