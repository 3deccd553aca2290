/// The name, shape and first values of one parameter.
public struct ParameterSpec: Sendable, Hashable {
  /// Unique within its set.
  public let name: String
  /// Row-major.
  public let shape: [Int]
  /// How training starts it.
  public let initialiser: Initialiser

  /// A parameter of `shape`; the product of its sizes is how many numbers it has.
  public init(_ name: String, shape: [Int], initialiser: Initialiser) {
    self.name = name
    self.shape = shape
    self.initialiser = initialiser
  }

  /// The product of the shape.
  public var count: Int { shape.reduce(1, *) }
}

/// Named tensors in one flat array: parameters, their gradients and an optimiser's moments alike.
public struct ParameterSet: Sendable, Equatable {
  /// What the set holds, in order.
  public let specs: [ParameterSpec]
  /// Where each parameter starts in `values`; one more entry than `specs`.
  public let offsets: [Int]
  /// All numbers, parameter after parameter; their count must stay.
  public var values: [Float]

  /// All zeros.
  public init(_ specs: [ParameterSpec]) {
    self.specs = specs
    var offsets = [0]
    for spec in specs { offsets.append(offsets[offsets.count - 1] + spec.count) }
    self.offsets = offsets
    values = [Float](repeating: 0, count: offsets[offsets.count - 1])
  }

  /// The given values, one array a spec. A set of one parameter shares the array's memory.
  public init(_ specs: [ParameterSpec], values parts: [[Float]]) {
    precondition(
      specs.count == parts.count && zip(specs, parts).allSatisfy { $0.count == $1.count },
      "\(parts.map(\.count)) values for \(specs.map(\.count))")
    self.specs = specs
    var offsets = [0]
    for spec in specs { offsets.append(offsets[offsets.count - 1] + spec.count) }
    self.offsets = offsets
    guard parts.count != 1 else {
      values = parts[0]
      return
    }
    values = []
    values.reserveCapacity(offsets[offsets.count - 1])
    for part in parts { values += part }
  }

  /// First values as the specs say; each parameter draws from a stream of its own, keyed by its position.
  public init(initialising specs: [ParameterSpec], random: RandomStream) {
    self.init(specs)
    for (index, spec) in specs.enumerated() {
      var stream = random.derived(UInt64(index))
      let values = spec.initialiser.values(shape: spec.shape, random: &stream)
      precondition(
        values.count == spec.count,
        "\(spec.name): \(spec.initialiser) makes \(values.count) numbers of shape \(spec.shape)")
      self.values.replaceSubrange(offsets[index]..<offsets[index + 1], with: values)
    }
  }

  /// Numbers of all parameters.
  public var count: Int { values.count }

  /// Whether the set holds just the parameters that `specs` describe, whatever they are called.
  package func hasShapes(of specs: [ParameterSpec]) -> Bool {
    self.specs.map(\.shape) == specs.map(\.shape) && values.count == offsets.last
  }

  /// The position of a parameter, or nil where there is none of that name.
  public func index(of name: String) -> Int? { specs.firstIndex { $0.name == name } }

  /// Values of one parameter, row-major: a slice whose indices start at `offsets[index]`, not at 0.
  ///
  /// Reading copies nothing. Setting copies the parameter, so that `set[i][j] += x` copies it for each number: in a loop, add to
  /// `values[offsets[i] + j]` instead.
  public subscript(index: Int) -> ArraySlice<Float> {
    get { values[offsets[index]..<offsets[index + 1]] }
    set {
      precondition(newValue.count == offsets[index + 1] - offsets[index])
      values.replaceSubrange(offsets[index]..<offsets[index + 1], with: newValue)
    }
  }

  /// Values of the named parameter, likewise; the name must be one of `specs`. Cost: a comparison with each name before it.
  public subscript(name: String) -> ArraySlice<Float> {
    get { self[requireIndex(name)] }
    set { self[requireIndex(name)] = newValue }
  }

  private func requireIndex(_ name: String) -> Int {
    guard let index = index(of: name) else {
      preconditionFailure("no parameter \(name) among \(specs.map(\.name))")
    }
    return index
  }

  /// Makes every number 0; copies the memory first where another set shares it.
  public mutating func setToZero() {
    values.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
  }
}
