import ClassifierTraining
import SequenceClassifier
import StrictJSON
import TextEncoding

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Progress on standard error: a line that rewrites itself on a terminal, a line an epoch (and one a minute) elsewhere.
final class ProgressDisplay {
  private let isQuiet: Bool
  private let isTerminal = isatty(2) == 1
  private let clock = ContinuousClock()
  private var lastLine: ContinuousClock.Instant
  private var hasOpenLine = false

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
    note(partner.text)
  }

  private func rewrite(_ line: String) {
    write("\r\u{1b}[2K" + line)
    hasOpenLine = true
  }

  private func closeLine() {
    if hasOpenLine { write("\r\u{1b}[2K") }
    hasOpenLine = false
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    #if canImport(Glibc)
      _ = Glibc.write(2, bytes, bytes.count)
    #elseif canImport(Musl)
      _ = Musl.write(2, bytes, bytes.count)
    #else
      _ = Darwin.write(2, bytes, bytes.count)
    #endif
  }
}

/// An integer with commas: 25,000.
func grouped(_ value: Int) -> String {
  let digits = Array(String(value.magnitude))
  var text = value < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
    text.append(digit)
  }
  return text
}

/// A number with a fixed count of decimals, rounded half away from zero.
func decimals(_ value: Double, _ count: Int) -> String {
  guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
  var scale = 1
  for _ in 0..<count { scale *= 10 }
  let scaled = Int((value.magnitude * Double(scale)).rounded())
  let fraction = String(scaled % scale)
  let sign = value < 0 && scaled > 0 ? "-" : ""
  return sign + "\(scaled / scale)." + String(repeating: "0", count: count - fraction.count) + fraction
}

/// Seconds as people read them: 41 s, 3 min 20 s, 2 h 05 min.
func duration(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e9 else { return "?" }
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
  return "\(whole / 3600) h \(whole % 3600 / 60) min"
}
