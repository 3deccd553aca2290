import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

extension TrainingConfiguration {
  /// Starts training from a language model or a package, and takes over its shape: cell, widths, layers, direction and the
  /// tokeniser's settings; of a package also initial state, readout and running.
  /// - Throws: `FileError` for a file that cannot be read, `InitialWeightsError` for one that is neither.
  public mutating func start(
    from path: String, cells: CellRegistry = .standard, readouts: ReadoutRegistry = .standard,
    kernels: KernelSet = .best
  ) throws {
    try InitialWeights(path, cells: cells, readouts: readouts, kernels: kernels).shape(&model, &text)
    model.initFrom = path
  }
}
