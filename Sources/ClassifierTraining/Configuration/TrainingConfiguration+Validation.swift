import SequenceClassifier

extension TrainingConfiguration {
  /// Refuses values that no run can use. Cell, readout and the settings of a cell are for `TrainingRun` to refuse, which has
  /// the registries.
  public func validate() throws(OptionError) {
    try training.validate()
    try data.validate()
    try checkUnlabelled()
    try partner.validate()
    try partner.checkUse()
    try model.validate()
    try checkRunning()
    try text.validate()
    try package.validate()
  }

  /// Refuses texts without labels that nothing reads, and settings for such texts where there are none.
  private func checkUnlabelled() throws(OptionError) {
    let require = OptionChecks()
    let reading = "training.virtual.weight or training.entropy.weight is above 0"
    try require(
      data.unlabelled.isEmpty || training.readsUnlabelled || !data.teachers.isEmpty, "data.unlabelled",
      data.unlabelled.joined(separator: ", "), "left out unless there are data.teachers, or \(reading)")
    try require(
      training.readsUnlabelled || training.ramp == TrainingOptions().ramp, "training.ramp", training.ramp,
      "left out unless \(reading)")
    try require(
      training.unlabelledBatchSize == 0 || (training.readsUnlabelled && !data.unlabelled.isEmpty),
      "training.unlabelled-batch-size", training.unlabelledBatchSize,
      "left out unless there are data.unlabelled, and \(reading)")
  }

  /// Refuses training that the way cells run over a text does not go with.
  private func checkRunning() throws(OptionError) {
    let require = OptionChecks()
    try require(
      model.running != "windowed" || training.bpttWindow == 0, "training.bptt-window", training.bpttWindow,
      "0 where model.running is windowed: gradients go back through each window whole")
    let isMoved = training.adversarial.weight > 0 || training.virtualAdversarial.weight > 0
    try require(
      !isMoved || model.running == "continuous", "model.running", model.running,
      "continuous for adversarial and virtual adversarial training")
  }
}
