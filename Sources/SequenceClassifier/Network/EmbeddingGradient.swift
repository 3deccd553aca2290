import RecurrentNumerics

/// The gradient of an embedding: only the rows of words that a batch holds.
///
/// Memory is kept from batch to batch. Sums run in the order of the rows added, so they do not depend on threads.
public final class EmbeddingGradient {
  /// Numbers in a row.
  public let width: Int
  /// Words of the batch, in the order of their first row.
  public private(set) var tokens: [Int32] = []
  private var slots: [Int32]
  private var values: [Float] = []

  /// No rows. Cost: 4 bytes a word of the vocabulary; a row of a batch's words takes 4 · `width` more.
  public init(vocabularySize: Int, width: Int) {
    self.width = width
    slots = [Int32](repeating: -1, count: vocabularySize)
  }

  package func reset() {
    for token in tokens { slots[Int(token)] = -1 }
    tokens.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }

  private func slot(of token: Int32) -> Int {
    let found = slots[Int(token)]
    guard found < 0 else { return Int(found) }
    let new = tokens.count
    slots[Int(token)] = Int32(new)
    tokens.append(token)
    values.append(contentsOf: repeatElement(0, count: width))
    return new
  }

  /// Adds `multiplier` times a row.
  package func add(_ row: UnsafePointer<Float>, multiplier: Float, token: Int32, kernels: KernelSet) {
    let start = slot(of: token) * width
    values.withUnsafeMutableBufferPointer { values in
      kernels.add(row, scaledBy: multiplier, count: width, to: values.baseAddress.unsafelyUnwrapped + start)
    }
  }

  /// Adds all rows of another gradient, in its order.
  package func add(_ other: EmbeddingGradient, kernels: KernelSet) {
    other.values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      for (index, token) in other.tokens.enumerated() {
        add(base + index * width, multiplier: 1, token: token, kernels: kernels)
      }
    }
  }

  /// The rows of `tokens`, one after another.
  package var rows: [Float] { values }

  package func withRows(_ body: (UnsafePointer<Float>) -> Void) {
    values.withUnsafeBufferPointer { values in
      if let start = values.baseAddress { body(start) }
    }
  }
}

extension ParameterSet {
  /// Adds the values of another set to those from `start` on.
  package mutating func add(_ other: ParameterSet, at start: Int = 0, kernels: KernelSet) {
    values.withUnsafeMutableBufferPointer { target in
      other.values.withUnsafeBufferPointer { source in
        guard let y = target.baseAddress, let x = source.baseAddress else { return }
        kernels.add(x, count: source.count, to: y + start)
      }
    }
  }
}
