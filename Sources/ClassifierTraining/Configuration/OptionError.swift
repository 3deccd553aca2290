/// An option whose value makes no sense.
public struct OptionError: Error, Equatable, CustomStringConvertible {
  /// As in a configuration: `training.learning-rate`.
  public let option: String
  /// As it is shown: text from a user is escaped.
  public let value: String
  /// What it must be, in words that go on with "it must be".
  public let allowed: String

  /// `value` is shown as it is: text that someone gave is to be escaped before.
  public init(option: String, value: String, allowed: String) {
    self.option = option
    self.value = value
    self.allowed = allowed
  }

  /// One line, such as `training.epochs is 0; it must be from 1 to 100000`.
  public var description: String { "\(option) is \(value); it must be \(allowed)" }
}
