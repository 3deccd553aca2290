/// What happens while a language model learns.
public enum PretrainingEvent: Sendable {
  /// - Parameters:
  ///   - share: of all epochs, from 0 to 1.
  ///   - loss: mean over this epoch's windows so far and directions, in nats.
  case window(epoch: Int, share: Double, loss: Double, tokensPerSecond: Double, secondsLeft: Double)
  case evaluating(epoch: Int)
  case epoch(PretrainingEpoch)
}
