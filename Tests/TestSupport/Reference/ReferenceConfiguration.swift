/// The choices that make up a reference classifier.
package struct ReferenceConfiguration: Sendable, CustomStringConvertible {
  /// The order in which a layer reads a sequence.
  package enum Direction: String, CaseIterable, Codable, Sendable {
    case forward, backward, both

    /// One entry per set of parameters, forward first: whether it reads from the last token to the first.
    package var isReversed: [Bool] {
      switch self {
      case .forward: [false]
      case .backward: [true]
      case .both: [false, true]
      }
    }
  }

  package enum InitialState: String, CaseIterable, Codable, Sendable {
    case zero, learned
  }

  /// What the readout sees of the last layer.
  package enum Readout: String, CaseIterable, Codable, Sendable {
    /// The last h_t of each direction, forward first.
    case last
    /// The last states, then the maximum, then the mean of the outputs over the steps. The last two are
    /// zeros for a sequence without steps.
    case concat
    /// The last states, then the attended outputs of each direction.
    case attention
  }

  /// How a layer's cell runs over a sequence.
  package enum Running: Hashable, Sendable {
    case continuous
    /// From s_0 again at the first token of each piece of that many, counted from the sequence's beginning.
    case chopped(Int)
    /// h_t is the last state over the last that many steps from s_0.
    case windowed(Int)

    /// The steps, in reading order, that start from s_0 again.
    func restarts(length: Int, isReversed: Bool) -> Set<Int> {
      guard case .chopped(let piece) = self, length > 0 else { return [] }
      let starts = Set(stride(from: piece, to: length, by: piece))
      return isReversed ? Set(starts.map { length - $0 }) : starts
    }
  }

  package var cell: ReferenceCellKind
  package var vocabularySize: Int
  package var inputSize: Int
  package var hiddenSize: Int
  package var layerCount = 1
  package var direction = Direction.forward
  package var initialState = InitialState.zero
  package var readout = Readout.last
  package var running = Running.continuous
  package var classCount: Int
  /// As `label_smoothing` of PyTorch's `cross_entropy`.
  package var labelSmoothing = 0.0
  /// As `weight` of PyTorch's `cross_entropy`; `nil` weighs every class 1.
  package var classWeights: [Double]?

  package init(
    cell: ReferenceCellKind, vocabularySize: Int, inputSize: Int, hiddenSize: Int, layerCount: Int = 1,
    direction: Direction = .forward, initialState: InitialState = .zero, readout: Readout = .last,
    classCount: Int, labelSmoothing: Double = 0, classWeights: [Double]? = nil
  ) {
    self.cell = cell
    self.vocabularySize = vocabularySize
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
    self.direction = direction
    self.initialState = initialState
    self.readout = readout
    self.classCount = classCount
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
  }

  package var directionCount: Int { direction.isReversed.count }
  /// Width of a layer's outputs.
  package var outputSize: Int { directionCount * hiddenSize }
  /// Width of what the readout sees.
  package var featureCount: Int {
    switch readout {
    case .last: outputSize
    case .concat: 3 * outputSize
    case .attention: 2 * outputSize
    }
  }

  /// Width of the input of `layer`.
  package func inputSize(ofLayer layer: Int) -> Int { layer == 0 ? inputSize : outputSize }

  /// The cell of `layer`, the same in each direction.
  package func cell(ofLayer layer: Int) -> ReferenceCell {
    ReferenceCell(kind: cell, inputSize: inputSize(ofLayer: layer), hiddenSize: hiddenSize)
  }

  /// The suffix of PyTorch's parameter names. A layer that reads backward has `_reverse`, also on its own.
  package func suffix(layer: Int, isReversed: Bool) -> String {
    "_l\(layer)" + (isReversed ? "_reverse" : "")
  }

  package var description: String {
    "\(cell.rawValue), \(direction.rawValue), \(layerCount) layers, \(initialState.rawValue) s_0, "
      + "\(readout.rawValue) readout, \(running)"
  }
}
