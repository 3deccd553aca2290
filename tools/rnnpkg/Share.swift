import ArgumentParser

/// A share, given as `15%` or as `0.15`.
struct Share: ExpressibleByArgument, CustomStringConvertible {
  let value: Double
  let description: String

  init?(argument: String) {
    let isPercent = argument.hasSuffix("%")
    guard let number = Double(isPercent ? argument.dropLast() : argument[...]) else { return nil }
    value = isPercent ? number / 100 : number
    description = argument
    guard (0...1).contains(value) else { return nil }
  }
}
