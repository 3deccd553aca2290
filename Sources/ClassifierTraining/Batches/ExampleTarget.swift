/// What the network is to say of an example.
public enum ExampleTarget: Sendable, Equatable {
  /// The number of its label.
  case label(Int)
  /// A share of each label, in their order; they sum to 1.
  case shares([Float])

  /// q_k: the share of one label.
  func share(of label: Int) -> Float {
    switch self {
    case .label(let only): only == label ? 1 : 0
    case .shares(let shares): shares[label]
    }
  }

  /// The label with the largest share; the first of equal ones.
  public var likeliest: Int {
    switch self {
    case .label(let label): label
    case .shares(let shares):
      shares.indices.reduce(0) { shares[$1] > shares[$0] ? $1 : $0 }
    }
  }
}
