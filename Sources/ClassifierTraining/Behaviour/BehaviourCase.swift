import StrictJSON

/// One expectation of a model's answers: a line of a behaviour suite.
///
/// The three kinds are those of Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList",
/// arXiv 2005.04118.
public struct BehaviourCase: Sendable, Equatable {
  /// What is expected.
  public enum Expectation: Sendable, Equatable {
    /// Minimum functionality: the text has this label.
    case label(String)
    /// Invariance: each variant gets the label that the text gets, whichever that is.
    case sameLabel(variants: [String])
    /// Direction: from the text to the variant, the probability of `label` does not move against `direction` by more
    /// than `tolerance`.
    case moves(variant: String, label: String, direction: Direction, tolerance: Double)
  }

  /// Which way a probability may move freely.
  public enum Direction: String, Sendable, CaseIterable {
    case up, down
  }

  /// The tolerance of a line that names none, a difference of probabilities; that of the paper.
  public static let standardTolerance = 0.1

  /// The text that is classified first, the key `text`; never blank.
  public let text: String
  /// From the line's other keys: `label`, `variant`, `variants`, `direction` and `tolerance`.
  public let expectation: Expectation
  /// The line it stands in, from 1.
  public let line: Int

  /// Every text to be classified: the text itself, then its variants.
  public var texts: [String] {
    switch expectation {
    case .label: [text]
    case .sameLabel(let variants): [text] + variants
    case .moves(let variant, _, _, _): [text, variant]
    }
  }

  /// The label it names, which the package must have.
  public var label: String? {
    switch expectation {
    case .label(let label), .moves(_, let label, _, _): label
    case .sameLabel: nil
    }
  }

  /// The kind of the expectation; never `mixed`.
  public var kind: BehaviourKind {
    switch expectation {
    case .label: .minimumFunctionality
    case .sameLabel: .invariance
    case .moves: .directional
    }
  }
}

/// The kind of a case, or of all cases of a suite.
public enum BehaviourKind: String, Sendable, Codable, CaseIterable {
  case minimumFunctionality = "minimum functionality"
  case invariance
  case directional
  case mixed
}
