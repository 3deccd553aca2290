import RecurrentNumerics
import SequenceClassifier

extension TrainingOptions {
  /// Refuses values that no training can use.
  public func validate() throws(OptionError) {
    let require = OptionChecks(table: "training")
    try require((1...100_000).contains(epochs), "epochs", epochs, "from 1 to 100000")
    try require((1...16_777_216).contains(batchTokens), "batch-tokens", batchTokens, "from 1 to 16777216")
    try require((1...65_536).contains(batchSize), "batch-size", batchSize, "from 1 to 65536")
    try require(
      learningRate > 0 && learningRate <= 100, "learning-rate", learningRate, "above 0 and at most 100")
    try require.checkWarmUp(warmUp, of: schedule)
    try require(clip >= 0 && clip.isFinite, "clip", clip, "0 for no limit, or above 0")
    try require((0..<1).contains(labelSmoothing), "label-smoothing", labelSmoothing, "from 0 to below 1")
    try require((0..<1).contains(average), "average", average, "a decay from 0 (none) to below 1")
    try require(patience >= 0, "patience", patience, "0 for never, or a number of epochs")
    try require((1...256).contains(shards), "shards", shards, "from 1 to 256")
    try require(
      precision != .int8, "precision", precision.rawValue, "f32 or bf16: int8 is for inference only")
    try require(bpttWindow >= 0, "bptt-window", bpttWindow, "0 for whole texts, or a number of steps")
    for (name, rate) in [
      ("embedding-rows", dropout.embeddingRows), ("input", dropout.input), ("hidden", dropout.hidden),
      ("readout", dropout.readout),
    ] {
      try require((0..<1).contains(rate), "dropout.\(name)", rate, "a share from 0 to below 1")
    }
    try require(
      fineTuning.factor >= 1 && fineTuning.factor <= 1_000, "fine-tuning.factor", fineTuning.factor,
      "from 1 (one rate for all) to 1000")
    try require(
      fineTuning.unfreezing >= 0 && fineTuning.unfreezing.isFinite, "fine-tuning.unfreezing",
      fineTuning.unfreezing, "0 for all at once, or a number of epochs")
    for (name, weight) in [
      ("adversarial", adversarial.weight), ("virtual", virtualAdversarial.weight),
      ("entropy", entropy.weight),
    ] {
      try require((0...100).contains(weight), "\(name).weight", weight, "0 for none, or at most 100")
    }
    for (name, epsilon) in [("adversarial", adversarial.epsilon), ("virtual", virtualAdversarial.epsilon)] {
      try require((0...10_000).contains(epsilon), "\(name).epsilon", epsilon, "from 0 to 10000")
    }
    let xi = virtualAdversarial.xi
    try require(xi > 0 && xi <= 10_000, "virtual.xi", xi, "above 0 and at most 10000")
    try require((0...1).contains(ramp), "ramp", ramp, "a share from 0 to 1")
    try require(
      (0...65_536).contains(unlabelledBatchSize), "unlabelled-batch-size", unlabelledBatchSize,
      "0 for that of labelled texts, or at most 65536")
    try optimizer.validate()
  }
}

extension OptimiserOptions {
  /// Refuses values that no training can use.
  func validate() throws(OptionError) {
    let require = OptionChecks(table: "training.optimizer")
    for (name, beta) in [
      ("beta1", beta1), ("beta2", beta2), ("momentum", momentum),
    ] {
      try require((0..<1).contains(beta), name, beta, "from 0 to below 1")
    }
    try require(
      epsilon > 0 && epsilon.isFinite, "epsilon", epsilon, "above 0")
    try require(
      weightDecay >= 0 && weightDecay.isFinite, "weight-decay", weightDecay,
      "0 or above")
  }
}
