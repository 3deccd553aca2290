import ModelPackage

/// What is true of a conversion that succeeded, and should be said.
public enum ConversionRemark: Equatable, Sendable {
  /// The partner stayed behind, and with it the temperature, which was fitted to both.
  case networkAlone
  /// Products of the package are of integers, those of the exported file are not.
  case widenedIntegers
  /// No module of PyTorch resets before the product.
  case resetBefore
  /// PyTorch's modules take a first state as an argument.
  case learnedInitialState
  /// PyTorch's modules read backward only beside forward.
  case backwardOnly
  /// No answers of the source were given to compare with.
  case unproven
  /// Special tokens that the source has not; their rows are zeros.
  case absentSpecials([String])
  /// Records of a reference whose ids no text gives.
  case recordsWithoutText(Int, of: Int)
  /// Golden cases whose logits are the converted network's: the source's differ by more than `verify` takes for rounding.
  case ownGoldenCases(Int, of: Int)
}

extension ConversionRemark: CustomStringConvertible {
  /// One line: what is so, and what to do about it where something is to be done.
  public var description: String {
    switch self {
    case .networkAlone:
      "the partner is left out: answers differ from the package's; its temperature was fitted with the partner and is left "
        + "out too, so that probabilities are not calibrated"
    case .widenedIntegers:
      "the package multiplies 8-bit integers, the exported file the floats they stand for: answers differ slightly"
    case .resetBefore:
      "the reset gate multiplies before the recurrent product; torch.nn.GRU, which multiplies after it, loads these "
        + "weights and computes something else"
    case .learnedInitialState:
      "the first state is learned: hand rnn.initial_state_* to PyTorch's module as h_0 (and c_0)"
    case .backwardOnly:
      "the network reads from the end only: load rnn.*_reverse without that ending into a module that is given reversed texts"
    case .unproven:
      "no reference was given: nothing proves the conversion; the golden cases are the converted network's own answers"
    case .absentSpecials(let names):
      "the source has no \(names.joined(separator: ", ")): their vectors are zeros"
    case .recordsWithoutText(let count, let total):
      "\(count) of \(total) reference records are ids that no text gives; they were compared, but become no golden cases"
    case .ownGoldenCases(let count, let total):
      "\(count) of \(total) golden cases are the converted network's own answers: the source's differ by more than "
        + "rnnpkg verify allows"
    }
  }
}
