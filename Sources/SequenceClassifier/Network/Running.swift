/// How the cells run over a text.
public enum Running: Sendable, Hashable {
  /// From the first token to the last, the state carried all the way.
  case continuous
  /// In pieces of `length` tokens, the last maybe shorter, each from the first state: rows of a batch instead of steps,
  /// which is quicker for a long text on its own (Johnson & Zhang 2016, arXiv:1602.02373). Summaries are of the whole
  /// text; its last state is that of the piece that is read last.
  case chopped(length: Int)
  /// Up to each token anew over the last `length` tokens, from the first state: a disconnected recurrent network (Wang
  /// 2018, P18-1215), made for summaries of all steps. Costs `length` recurrent products a token; the input product, the
  /// larger one where words are new, is made once.
  case windowed(length: Int)

  /// Tokens of a piece; nil where texts run whole.
  public var pieceLength: Int? {
    if case .chopped(let length) = self { length } else { nil }
  }

  /// Tokens that each state is made of; nil where it is made of all before.
  public var windowLength: Int? {
    if case .windowed(let length) = self { length } else { nil }
  }
}
