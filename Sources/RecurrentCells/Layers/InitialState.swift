/// Where a sequence's first state comes from.
public enum InitialState: String, Codable, CaseIterable, Sendable {
  case zero
  /// One learned row a state slot, the same for all sequences.
  case learned
}
