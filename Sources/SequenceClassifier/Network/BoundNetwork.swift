import RecurrentCells
import RecurrentNumerics

/// A network bound to parameters, packed for one kernel set. Immutable, shared between threads.
public struct BoundNetwork: Sendable {
  public let network: RecurrentNetwork
  public let parameters: NetworkParameters
  public let kernels: KernelSet
  /// Level by level, direction by direction.
  let cells: [[any CellKernel]]
  let readoutWeight: PackedMatrix
  let readoutWeightBackward: PackedMatrix

  public init(_ network: RecurrentNetwork, _ parameters: NetworkParameters, kernels: KernelSet) {
    self.network = network
    self.parameters = parameters
    self.kernels = kernels
    var cells: [[any CellKernel]] = []
    var position = 0
    for level in network.levels {
      cells.append(
        level.enumerated().map { index, layer in
          layer.cell.makeKernel(for: parameters.layers[position + index], kernels: kernels)
        })
      position += level.count
    }
    self.cells = cells
    let (labels, features) = (network.labelCount, network.featureSize)
    (readoutWeight, readoutWeightBackward) = parameters.readout.values.withUnsafeBufferPointer { values in
      let weight = values.baseAddress.unsafelyUnwrapped + parameters.readout.offsets[0]
      return (
        PackedMatrix(transposing: weight, rows: labels, columns: features, kernels: kernels),
        PackedMatrix(weight, rows: labels, columns: features, kernels: kernels)
      )
    }
  }
}
