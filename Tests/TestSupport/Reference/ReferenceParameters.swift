/// A named array of a reference model: row-major values in a shape.
package struct ReferenceTensor: Equatable, Sendable, Codable {
  package var shape: [Int]
  package var values: [Double]

  package init(shape: [Int], values: [Double]) {
    self.shape = shape
    self.values = values
  }

  package init(zeros shape: [Int]) {
    self.init(shape: shape, values: [Double](repeating: 0, count: shape.reduce(1, *)))
  }
}

/// All parameters of a reference classifier by PyTorch's names, or their gradients.
package struct ReferenceParameters: Equatable, Sendable {
  package private(set) var tensors: [String: ReferenceTensor]
  /// The names in the order: embedding, layers from the bottom with the forward direction first, readout.
  package let names: [String]

  /// Zeros in the shapes that `configuration` asks for.
  package init(zerosFor configuration: ReferenceConfiguration) {
    let shapes = Self.shapes(for: configuration)
    names = shapes.map(\.name)
    tensors = Dictionary(
      uniqueKeysWithValues: shapes.map { ($0.name, ReferenceTensor(zeros: $0.shape)) })
  }

  /// Uniform values in `-scale..<scale` from `seed`, a function of the configuration's shapes alone.
  package init(
    randomFor configuration: ReferenceConfiguration, seed: UInt64, scale: Double = 0.5
  ) {
    self.init(zerosFor: configuration)
    var random = ReferenceRandom(seed: seed)
    for name in names {
      for index in 0..<self[name].count { self[name][index] = random.uniform(in: -scale..<scale) }
    }
  }

  /// The names and shapes that `configuration` asks for.
  package static func shapes(
    for configuration: ReferenceConfiguration
  ) -> [(name: String, shape: [Int])] {
    let hidden = configuration.hiddenSize
    let rows = configuration.cell.gateCount * hidden
    var shapes = [(name: "embedding.weight", shape: [configuration.vocabularySize, configuration.inputSize])]
    for layer in 0..<configuration.layerCount {
      for isReversed in configuration.direction.isReversed {
        let suffix = configuration.suffix(layer: layer, isReversed: isReversed)
        shapes.append(("rnn.weight_ih" + suffix, [rows, configuration.inputSize(ofLayer: layer)]))
        shapes.append(("rnn.weight_hh" + suffix, [rows, hidden]))
        shapes.append(("rnn.bias_ih" + suffix, [rows]))
        shapes.append(("rnn.bias_hh" + suffix, [rows]))
        guard configuration.initialState == .learned else { continue }
        for slot in 0..<configuration.cell.slotCount {
          shapes.append(("rnn.initial_state_\(slot)" + suffix, [hidden]))
        }
      }
    }
    shapes.append(("readout.weight", [configuration.classCount, configuration.featureCount]))
    shapes.append(("readout.bias", [configuration.classCount]))
    guard configuration.readout == .attention else { return shapes }
    for isReversed in configuration.direction.isReversed {
      shapes += attentionShapes(hidden: hidden, isReversed: isReversed)
    }
    return shapes
  }

  /// The values of the parameter called `name`; setting them keeps the shape.
  package subscript(name: String) -> [Double] {
    get {
      guard let tensor = tensors[name] else { preconditionFailure("no parameter \(name), only \(names)") }
      return tensor.values
    }
    _modify {
      guard var tensor = tensors.removeValue(forKey: name) else {
        preconditionFailure("no parameter \(name), only \(names)")
      }
      let count = tensor.values.count
      defer {
        precondition(tensor.values.count == count, "\(name) has \(count) values, not \(tensor.values.count)")
        tensors[name] = tensor
      }
      yield &tensor.values
    }
  }

  /// The shape of the parameter called `name`.
  package func shape(of name: String) -> [Int] {
    guard let tensor = tensors[name] else { preconditionFailure("no parameter \(name), only \(names)") }
    return tensor.shape
  }

  /// The four parameters of one direction of one layer.
  package func weights(suffix: String) -> ReferenceWeights {
    ReferenceWeights(
      input: self["rnn.weight_ih" + suffix], recurrent: self["rnn.weight_hh" + suffix],
      inputBias: self["rnn.bias_ih" + suffix], recurrentBias: self["rnn.bias_hh" + suffix])
  }

  /// Adds `weights` to the four parameters of one direction of one layer.
  mutating func add(_ weights: ReferenceWeights, suffix: String) {
    TestSupport.add(weights.input, to: &self["rnn.weight_ih" + suffix])
    TestSupport.add(weights.recurrent, to: &self["rnn.weight_hh" + suffix])
    TestSupport.add(weights.inputBias, to: &self["rnn.bias_ih" + suffix])
    TestSupport.add(weights.recurrentBias, to: &self["rnn.bias_hh" + suffix])
  }
}
