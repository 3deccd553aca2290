import ClassifierTraining
import FileAccess
import SequenceClassifier
import StrictJSON
import TextEncoding

/// Progress on standard error: a line that rewrites itself on a terminal, a line an epoch (and one a minute) elsewhere.
final class ProgressDisplay {
  private let isQuiet: Bool
  private let isTerminal = BufferedOutput.standardError().isTerminal
  private let clock = ContinuousClock()
  private var lastLine: ContinuousClock.Instant
  private var hasOpenLine = false

  /// What empties the last line of a terminal and goes to its start.
  private static let lineStart = "\r\u{1b}[2K"

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    lastLine = clock.now
  }

  func note(_ text: String) {
    guard !isQuiet else { return }
    closeLine()
    Report.line(text)
  }

  func start(_ run: TrainingRun) {
    let words = grouped(run.encoder.vocabulary.count - Vocabulary.specialTokens.count)
    note(
      "\(grouped(run.train.count)) training texts (\(grouped(run.train.tokenCount)) tokens), \(grouped(run.valid.count)) "
        + "dev texts, \(words) words, labels \(labels(run))")
    if !run.configuration.model.vectors.isEmpty {
      note("\(grouped(run.wordsWithVectors)) words have vectors")
    }
    note("\(grouped(run.start.parameters.count)) parameters")
  }

  /// The first labels, safe to print.
  private func labels(_ run: TrainingRun) -> String {
    run.labels.prefix(12).map { "\(EscapedText($0))" }.joined(separator: ", ")
      + (run.labels.count > 12 ? ", …" : "")
  }

  func show(_ event: TrainingEvent) {
    guard !isQuiet else { return }
    switch event {
    case .step(let step):
      progress(
        "epoch \(step.epoch)/\(step.epochs)  batch \(step.batch)/\(step.batches)  loss \(decimals(step.loss, 4))  "
          + "\(grouped(Int(step.tokensPerSecond))) tokens/s  \(duration(step.secondsLeft)) left")
    case .evaluating(let epoch):
      if isTerminal { rewrite("epoch \(epoch): evaluating") }
    case .epoch(let record):
      closeLine()
      Report.line(
        "epoch \(record.epoch)  loss \(decimals(record.trainLoss, 4))  dev accuracy \(decimals(record.validAccuracy, 4))  "
          + "macro F1 \(decimals(record.validMacroF1, 4))  log loss \(decimals(record.validLogLoss, 4))  "
          + "\(grouped(Int(record.tokensPerSecond))) tokens/s  \(duration(record.seconds))\(record.isBest ? "  best" : "")"
      )
      lastLine = clock.now
    case .checkpoint: break
    }
  }

  func done(_ output: String, state: TrainingState, report: ClassificationReport, end: TrainingEnd) {
    let how =
      switch end {
      case .completed: "all epochs done"
      case .stoppedEarly: "stopped early"
      case .interrupted: "stopped"
      }
    note(
      "\(how) after \(duration(state.seconds)); best epoch \(state.best?.epoch ?? 0): dev accuracy "
        + "\(decimals(report.accuracy, 4)), ECE \(decimals(report.expectedCalibrationError, 4))")
    note("wrote \(output)")
  }

  /// A line that replaces the last one on a terminal; elsewhere it is written once a minute.
  func progress(_ line: @autoclosure () -> String) {
    guard !isQuiet else { return }
    let wait: Duration = isTerminal ? .milliseconds(250) : .seconds(60)
    guard clock.now - lastLine >= wait else { return }
    lastLine = clock.now
    if isTerminal { rewrite(line()) } else { Report.line(line()) }
  }

  /// What a partner adds, on the dev data.
  func show(_ partner: PartnerReport) {
    for line in partner.text.split(separator: "\n") { note(String(line)) }
  }

  private func rewrite(_ line: String) {
    Report.write(Self.lineStart + EscapedText.unquoted(line))
    hasOpenLine = true
  }

  private func closeLine() {
    if hasOpenLine { Report.write(Self.lineStart) }
    hasOpenLine = false
  }
}
