import RecurrentNumerics

/// A kernel whose projection is b + x_t W_ihᵀ: the half of the work that gated cells share.
protocol GatedKernel: CellKernel {
  var projection: GatedProjection { get }
  /// b: the input bias, with the recurrent one where the two projections are added at once, `[width]`.
  var projectedBias: [Float] { get }
}

extension GatedKernel {
  var projectionWidth: Int { projection.width }

  func project(_ input: Matrix, into table: Matrix, firstRow: Int) {
    projection.projectInput(input, bias: projectedBias, into: table, firstRow: firstRow)
  }

  func projectBackward(
    _ projectionGradient: Matrix, input: Matrix, inputGradient: Matrix, tape: Tape,
    gradients: inout ParameterSet
  ) {
    projection.backwardInput(
      projectionGradient, input: input, inputGradient: inputGradient, tape, into: &gradients)
  }
}
