import RecurrentNumerics
import StrictJSON
import TextRecords

/// The labelled texts of a run: those to learn from, and the dev data.
struct TrainingTexts {
  let train: LabelledTexts
  let dev: LabelledTexts

  /// Reads the files, and holds out the share that the configuration asks for.
  /// - Parameter random: chooses what is held out.
  /// - Throws: `DataError` for files that cannot be read or leave no text on one side, `TrainingError` and `PartnerError` where
  ///   all texts have one label.
  init(_ configuration: TrainingConfiguration, random: RandomStream, note: (String) -> Void) throws {
    let data = configuration.data
    let all = try TrainingTexts.read(data, note: note)
    if let share = data.validShare {
      (train, dev) = try TrainingTexts.split(all, share: share, random: random, note: note)
    } else {
      if all.hasScatteredLabels { note("\(TrainingTexts.scattered(all))") }
      train = all
      dev = try LabelledTexts(
        file: data.valid, textField: data.textField, labelField: data.labelField, labels: all.labels,
        format: data.format.recordFormat)
      guard dev.count > 0 else { throw DataError.empty(path: data.valid) }
    }
    guard let label = dev.onlyLabel else { return }
    guard !configuration.partner.enabled else { throw PartnerError.oneLabel(label, texts: "dev texts") }
    note(
      "all dev texts have the label \(EscapedText(label)), which tells nothing of the others: scores will not be "
        + "calibrated; give texts of at least two")
  }

  private static func read(_ data: DataOptions, note: (String) -> Void) throws -> LabelledTexts {
    note("reading \(data.train.map(RecordReader.displayName).joined(separator: ", "))")
    let texts = try LabelledTexts(
      files: data.train, textField: data.textField, labelField: data.labelField,
      format: data.format.recordFormat)
    guard let first = texts.labels.first else {
      throw DataError.empty(path: data.train.map(RecordReader.displayName).joined(separator: ", "))
    }
    guard texts.labels.count > 1 else { throw TrainingError.oneClass(first) }
    if let twins = LabelTwins(texts.labels).note { note(twins) }
    return texts
  }

  private static func split(
    _ texts: LabelledTexts, share: Double, random: RandomStream, note: (String) -> Void
  ) throws(DataError) -> (train: LabelledTexts, dev: LabelledTexts) {
    let (train, dev) = texts.split(holdingOut: share, random: random)
    let isScattered = texts.hasScatteredLabels
    guard train.count > 0, dev.count > 0 else {
      throw isScattered ? scattered(texts) : .uselessShare(share, count: texts.count)
    }
    if isScattered { note("\(scattered(texts))") }
    return (train, dev)
  }

  private static func scattered(_ texts: LabelledTexts) -> DataError {
    .scatteredLabels(texts.labels.count, count: texts.count)
  }
}
