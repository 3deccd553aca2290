/// A part of what a cell carries from step to step, such as the hidden state h or the cell state c.
public struct StateSlot: Sendable, Hashable {
  public let name: String
  public let width: Int

  public init(_ name: String, width: Int) {
    self.name = name
    self.width = width
  }
}
