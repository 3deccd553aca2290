/// A part of what a cell carries from step to step, such as the hidden state h or the cell state c.
public struct StateSlot: Sendable, Hashable {
  /// As equations call it: `h`, `c`.
  public let name: String
  /// Numbers of one sequence.
  public let width: Int

  /// A slot of `width` numbers, 0 before the first step unless the layer learns them.
  public init(_ name: String, width: Int) {
    self.name = name
    self.width = width
  }
}
