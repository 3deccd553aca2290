/// The recurrences that the reference model computes; raw values name the golden files and scripts.
package enum ReferenceCellKind: String, CaseIterable, Codable, Sendable {
  /// h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)
  case vanillaTanh = "rnn_tanh"
  /// h_t = max(0, W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)
  case vanillaReLU = "rnn_relu"
  /// Gates in the order i, f, g, o.
  case lstm = "lstm"
  /// Gates in the order r, z, n; n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn)).
  case gruResetAfter = "gru"
  /// Gates in the order r, z, n; n = tanh(W_in x + b_in + W_hn (r ⊙ h) + b_hn).
  case gruResetBefore = "gru_before"

  /// Blocks of `hidden` rows in `weight_ih` and `weight_hh`.
  package var gateCount: Int {
    switch self {
    case .vanillaTanh, .vanillaReLU: 1
    case .lstm: 4
    case .gruResetAfter, .gruResetBefore: 3
    }
  }

  /// State slots: h_t, and for an LSTM also c_t.
  package var slotCount: Int { self == .lstm ? 2 : 1 }
}
