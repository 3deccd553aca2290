/// What a trainer tells whoever watches.
public enum TrainingEvent: Sendable {
  case step(StepProgress)
  case evaluating(epoch: Int)
  case epoch(EpochRecord)
  case checkpoint
}
