import RecurrentNumerics

/// One direction's parameters of a readout, as specified by `Readout.parameterSpecs`, packed for products.
public struct ReadoutWeights: Sendable {
  /// The numbers by the specs' own names, without `readout.` and `_reverse`.
  public let parameters: ParameterSet
  /// For arithmetic on rows.
  public let kernels: KernelSet
  /// For each parameter `[n, k]` the product x Wᵀ; a vector counts as a matrix of one row, never of integers.
  package let products: [PackedMatrix]
  /// For each matrix, vectors left out, the product y W.
  package let backwardProducts: [PackedOnDemand]

  init(_ parameters: ParameterSet, kernels: KernelSet) {
    self.parameters = parameters
    self.kernels = kernels
    let floats = kernels.multiplying(in: .float32)
    products = parameters.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return [] }
      return parameters.specs.enumerated().map { index, spec in
        let isMatrix = spec.shape.count > 1
        return PackedMatrix(
          transposing: base + parameters.offsets[index], rows: isMatrix ? spec.shape[0] : 1,
          columns: isMatrix ? spec.shape[1] : spec.count, kernels: isMatrix ? kernels : floats)
      }
    }
    backwardProducts = parameters.specs.indices.filter { parameters.specs[$0].shape.count > 1 }.map {
      PackedOnDemand(parameters, index: $0, kernels: kernels)
    }
  }
}
