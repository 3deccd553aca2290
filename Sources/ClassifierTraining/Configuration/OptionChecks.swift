import ModelPackage
import StrictJSON

/// Refuses values of one table's options: `try require(epochs > 0, "epochs", epochs, "1 or more")`.
struct OptionChecks {
  private let prefix: String

  /// - Parameter table: as configurations name it, such as `training`; empty where options are named in full.
  init(table: String = "") { prefix = table.isEmpty ? "" : table + "." }

  func callAsFunction(_ condition: Bool, _ option: String, _ value: some Any, _ allowed: String)
    throws(OptionError)
  {
    guard condition else { throw OptionError(option: prefix + option, value: "\(value)", allowed: allowed) }
  }

  /// Refuses a width of a state or of word vectors that no package may have.
  func checkWidth(_ width: Int, _ option: String) throws(OptionError) {
    let largest = Manifest.Limits.width
    try callAsFunction((1...largest).contains(width), option, width, "from 1 to \(largest)")
  }

  /// Refuses settings of a cell that are no table, or that give the width.
  func checkCellOptions(_ settings: JSONValue) throws(OptionError) {
    let found = String(decoding: settings.canonicalBytes(), as: UTF8.self)
    try callAsFunction(settings.objectValue != nil, "cell-options", found, "a table of settings")
    try callAsFunction(
      settings.objectValue?["hidden"] == nil, "cell-options", found,
      "without hidden, which model.hidden gives")
  }

  /// Refuses a warm-up that is no share, or that its schedule passes over.
  func checkWarmUp(_ share: Double, of schedule: LearningRateSchedule) throws(OptionError) {
    try callAsFunction((0..<1).contains(share), "warm-up", share, "a share from 0 to below 1")
    try callAsFunction(
      share == 0 || schedule != .oneCycle, "warm-up", share,
      "0 with the schedule one-cycle, which climbs by itself")
  }
}
