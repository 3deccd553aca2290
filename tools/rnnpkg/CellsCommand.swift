import ArgumentParser
import RecurrentCells
import SequenceClassifier

/// Lists what is registered.
struct CellsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cells", abstract: "List the cells and readouts that this program has.")

  func run() throws {
    print("cells     \(CellRegistry.standard.kinds.map(\.rawValue).joined(separator: " "))")
    print("readouts  \(ReadoutRegistry.standard.kinds.map(\.rawValue).joined(separator: " "))")
  }
}
