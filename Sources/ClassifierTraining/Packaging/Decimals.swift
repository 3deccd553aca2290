/// A number with a fixed count of decimals, rounded half away from zero.
package func decimals(_ value: Double, _ count: Int) -> String {
  guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
  var scale = 1
  for _ in 0..<count { scale *= 10 }
  let scaled = Int((value.magnitude * Double(scale)).rounded())
  let fraction = String(scaled % scale)
  let sign = value < 0 && scaled > 0 ? "-" : ""
  return sign + "\(scaled / scale)." + String(repeating: "0", count: count - fraction.count) + fraction
}
