import RecurrentCells
import SequenceClassifier
import StrictJSON

extension NetworkDescription {
  /// Makes a small network of this description, and so refuses a cell, a readout or settings of a cell that do not exist,
  /// before any text is read.
  /// - Parameter cellOptions: what the configuration gives for `model.cell-options`.
  @discardableResult
  func checkParts(
    cellOptions: JSONValue, cells: CellRegistry, readouts: ReadoutRegistry
  ) throws(OptionError) -> RecurrentNetwork {
    try OptionChecks(table: "model").checkCellOptions(cellOptions)
    do {
      return try makeNetwork(vocabularySize: 5, labelCount: 2, cells: cells, readouts: readouts)
    } catch {
      switch error {
      case .unknownCell(let name, let known):
        throw OptionError(option: "model.cell", value: "\(EscapedText(name))", allowed: oneOf(known))
      case .unknownReadout(let name, let known):
        throw OptionError(option: "model.readout", value: "\(EscapedText(name))", allowed: oneOf(known))
      default:
        throw OptionError(
          option: "model.cell-options", value: String(decoding: cellOptions.canonicalBytes(), as: UTF8.self),
          allowed: "what the cell \(cell) takes: \(error)")
      }
    }
  }

  private func oneOf(_ names: [String]) -> String { "one of \(names.joined(separator: ", "))" }
}
