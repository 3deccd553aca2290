import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// A cell as another package would register it: an LSTM under a name of its own.
struct OutsideCell: RecurrentCell {
  static let kind: CellKind = "outside"
  static let gates = LSTMCell.gates
  private let cell: LSTMCell

  init(inputSize: Int, configuration: LSTMCell.Configuration) throws(CellConfigurationError) {
    cell = try LSTMCell(inputSize: inputSize, configuration: configuration)
  }

  var inputSize: Int { cell.inputSize }
  var configuration: LSTMCell.Configuration { cell.configuration }
  var stateSlots: [StateSlot] { cell.stateSlots }
  var parameterSpecs: [ParameterSpec] { cell.parameterSpecs }

  func makeKernel(for parameters: ParameterSet, kernels: KernelSet) -> any CellKernel {
    cell.makeKernel(for: parameters, kernels: kernels)
  }
}

/// A readout as another package would register it: the last state under a name of its own.
struct OutsideReadout: Readout {
  static let kind: ReadoutKind = "outside"
  var summaryCount: Int { 1 }

  func makeSummary(outputSize: Int) -> any DirectionSummary {
    LastStateReadout().makeSummary(outputSize: outputSize)
  }
}
