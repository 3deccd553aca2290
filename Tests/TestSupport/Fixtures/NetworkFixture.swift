import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// A network with the shape and the parameters of a reference model.
package struct NetworkFixture: Sendable {
  package let configuration: ReferenceConfiguration
  package let network: RecurrentNetwork
  package let parameters: NetworkParameters

  package init(_ configuration: ReferenceConfiguration, _ reference: ReferenceParameters) throws {
    self.configuration = configuration
    network = try RecurrentNetwork(
      vocabularySize: configuration.vocabularySize, embeddingSize: configuration.inputSize,
      layers: configuration.layerCount, direction: configuration.readingDirection,
      initialState: configuration.initialState == .learned ? .learned : .zero,
      readout: ReadoutRegistry.standard.makeReadout(.init(rawValue: configuration.readout.rawValue)),
      labelCount: configuration.classCount, running: configuration.networkRunning
    ) { try configuration.cell.makeCell(inputSize: $0, hidden: configuration.hiddenSize) }
    parameters = NetworkParameters(
      network, values: network.parameterSpecs.map { reference[$0.name].map(Float.init) })
  }

  /// A network with random parameters that are exact in both precisions, and the reference model with the same.
  /// - Parameter scale: parameters lie in ±scale; wide layers want a small one, or states leave the range where
  ///   rounding stays rounding.
  package init(random configuration: ReferenceConfiguration, seed: UInt64, scale: Double = 0.5) throws {
    try self.init(configuration, ReferenceParameters(randomFor: configuration, seed: seed, scale: scale))
  }

  /// The reference model with these parameters, rounded to `Float` as the network has them.
  package var reference: ReferenceClassifier {
    ReferenceClassifier(configuration: configuration, parameters: named(parameters.namedValues(network)))
  }

  /// Values of the network as the reference names them.
  package func named(_ values: [(spec: ParameterSpec, values: [Float])]) -> ReferenceParameters {
    var result = ReferenceParameters(zerosFor: configuration)
    for (spec, values) in values { result[spec.name] = values.map(Double.init) }
    return result
  }

  /// Gradients of the network as the reference names them; rows of absent words are zero.
  package func named(_ gradients: NetworkGradients) -> ReferenceParameters {
    var dense = NetworkParameters(zerosFor: network)
    let width = gradients.embedding.width
    for (index, token) in gradients.embedding.tokens.enumerated() {
      for column in 0..<width {
        dense.embedding.values[Int(token) * width + column] = gradients.embedding.rows[index * width + column]
      }
    }
    dense.layers = gradients.layers
    dense.readout = gradients.readout
    return named(dense.namedValues(network))
  }

  package func bound(_ kernels: KernelSet = .best) -> BoundNetwork {
    BoundNetwork(network, parameters, kernels: kernels)
  }

  /// Random token ids of the given lengths.
  package func sequences(lengths: [Int], seed: UInt64) -> [[Int32]] {
    ReferenceBatch(randomFor: configuration, lengths: lengths, seed: seed).sequences.map {
      $0.map(Int32.init)
    }
  }

  /// Logits of each sequence, in the order given.
  package func logits(_ sequences: [[Int32]], pass: NetworkPass? = nil, kernels: KernelSet = .best)
    -> [[Float]]
  {
    let batch = network.batch(sequences)
    let logits = (pass ?? NetworkPass(network)).logits(bound(kernels), batch)
    var result = [[Float]](repeating: [], count: sequences.count)
    for (row, index) in batch.order.enumerated() { result[index] = logits.rowValues(row) }
    return result
  }
}

extension ReferenceConfiguration {
  package var readingDirection: ReadingDirection {
    switch direction {
    case .forward: .forward
    case .backward: .backward
    case .both: .both
    }
  }

  var networkRunning: SequenceClassifier.Running {
    switch running {
    case .continuous: .continuous
    case .chopped(let length): .chopped(length: length)
    case .windowed(let length): .windowed(length: length)
    }
  }

  /// Every cell with every direction, readout and depth, run in other ways than whole.
  package static func all(running: [Running]) -> [ReferenceConfiguration] {
    all.filter { $0.initialState == .learned }.flatMap { configuration in
      running.map {
        var other = configuration
        other.running = $0
        return other
      }
    }
  }

  /// Every cell with every direction, depth, first state and readout that tests go through.
  package static let all: [ReferenceConfiguration] = ReferenceCellKind.allCases.flatMap { cell in
    Direction.allCases.flatMap { direction in
      [1, 2].flatMap { layers in
        InitialState.allCases.flatMap { initialState in
          Readout.allCases.map { readout in
            ReferenceConfiguration(
              cell: cell, vocabularySize: 11, inputSize: 7, hiddenSize: 17, layerCount: layers,
              direction: direction,
              initialState: initialState, readout: readout, classCount: 3)
          }
        }
      }
    }
  }
}

extension ReferenceCellKind {
  package func makeCell(inputSize: Int, hidden: Int) throws -> any RecurrentCell {
    switch self {
    case .vanillaTanh:
      try VanillaCell(inputSize: inputSize, configuration: .init(hidden: hidden, activation: .tanh))
    case .vanillaReLU:
      try VanillaCell(inputSize: inputSize, configuration: .init(hidden: hidden, activation: .relu))
    case .lstm: try LSTMCell(inputSize: inputSize, configuration: .init(hidden: hidden))
    case .gruResetAfter:
      try GRUCell(inputSize: inputSize, configuration: .init(hidden: hidden, reset: .after))
    case .gruResetBefore:
      try GRUCell(inputSize: inputSize, configuration: .init(hidden: hidden, reset: .before))
    }
  }
}
