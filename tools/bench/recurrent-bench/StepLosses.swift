import ArgumentParser
import ClassifierTraining

/// What a measured training step minimises.
enum StepLosses: String, ExpressibleByArgument {
  case crossEntropy = "cross-entropy"
  /// With the adversarial loss.
  case adversarial
  /// With the adversarial loss, and the virtual adversarial loss and the entropy of as many unlabelled texts.
  case all

  var loss: TrainingLoss {
    var loss = TrainingLoss(CrossEntropy())
    if self != .crossEntropy { loss.adversarial.weight = 1 }
    if self == .all {
      loss.virtualAdversarial.weight = 1
      loss.entropyWeight = 1
    }
    return loss
  }
}
