import ModelPackage
import RecurrentNumerics
import TextEncoding
import TextRecords

/// Texts with their labels, as read from files, or from folders that hold a folder of plain texts for each label.
public struct LabelledTexts: Sendable {
  /// In the order of the rows, file after file.
  public private(set) var texts: [String] = []
  /// For each text the number of its label in `labels`.
  public private(set) var targets: [Int] = []
  /// The labels, sorted by their bytes.
  public private(set) var labels: [String]

  /// Reads training files and folders and finds the labels in them, which are composed (NFC): two forms of one word are one
  /// label, whichever stands first.
  ///
  /// - Parameter format: of all files; `nil` takes it from each one's ending.
  /// - Throws: `DataError` at the first row that is no labelled text, and where there are more labels than a package may have.
  public init(
    files: [String], textField: String, labelField: String, format: RecordFormat? = nil
  ) throws(DataError) {
    var rows: [(text: String, label: String)] = []
    var found: Set<String> = []
    var refusal: DataError?
    for file in files {
      try LabelledTexts.read(file, textField: textField, labelField: labelField, format: format) {
        text, label, place in
        let label = LabelledTexts.composed(label)
        rows.append((text, label))
        if found.insert(label).inserted, refusal == nil, !Manifest.isLabel(label) {
          refusal = .badLabel(place, label: label)
        }
      }
    }
    // Texts taken for labels are refused here, before anything that costs memory or time for each of them.
    guard found.count <= Manifest.Limits.labels else {
      throw .tooManyLabels(found.count, limit: Manifest.Limits.labels, count: rows.count)
    }
    labels = found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var numbers: [String: Int] = [:]
    for (number, label) in labels.enumerated() { numbers[label] = number }
    for row in rows {
      texts.append(row.text)
      targets.append(numbers[row.label] ?? 0)
    }
    guard let refusal else { return }
    // Whoever swapped the columns has no label to correct.
    if case .badLabel(.line, _) = refusal, hasScatteredLabels {
      throw .scatteredLabels(labels.count, count: count)
    }
    throw refusal
  }

  /// Reads a file or folder whose labels are known.
  /// - Parameter labelMap: other names of labels: `["1": "positive"]`.
  /// - Throws: `DataError` at the first row that is no text with a known label, and for a map to a label that is not known.
  public init(
    file: String, textField: String, labelField: String, labels: [String], labelMap: [String: String] = [:],
    format: RecordFormat? = nil
  ) throws(DataError) {
    self.labels = labels
    let numbers = LabelNumbers(labels)
    for (label, target) in labelMap.sorted(by: { $0.key < $1.key }) where numbers[target] == nil {
      throw .unknownTarget(label: label, target: target, known: labels)
    }
    var found: [(text: String, label: String, place: DataPlace)] = []
    try LabelledTexts.read(file, textField: textField, labelField: labelField, format: format) {
      found.append(($0, labelMap[$1] ?? $1, $2))
    }
    for row in found {
      guard let number = numbers[row.label] else {
        throw .unknownLabel(row.place, label: row.label, known: labels)
      }
      texts.append(row.text)
      targets.append(number)
    }
  }

  private init(labels: [String]) { self.labels = labels }

  /// How many texts there are.
  public var count: Int { texts.count }

  /// Whether there are many labels, most of which occur once: texts were likely taken for labels. Linear.
  public var hasScatteredLabels: Bool {
    let fewLabels = 10
    guard labels.count > fewLabels else { return false }
    var occurrences = [Int](repeating: 0, count: labels.count)
    for target in targets { occurrences[target] += 1 }
    return occurrences.count(where: { $0 == 1 }) > labels.count / 2
  }

  /// Adds texts of the same labels.
  public mutating func append(_ other: LabelledTexts) {
    precondition(labels == other.labels, "\(labels) and \(other.labels)")
    texts += other.texts
    targets += other.targets
  }

  private static func read(
    _ file: String, textField: String, labelField: String, format: RecordFormat?,
    _ body: (_ text: String, _ label: String, DataPlace) -> Void
  ) throws(DataError) {
    if TextFolder.isOne(file) {
      for (label, folder) in try TextFolder.labelled(in: file) {
        try folder.forEach { body($0, label, .folder(path: folder.path)) }
      }
      return
    }
    let records = try DataRecords(
      path: file,
      options: RecordReaderOptions(
        format: format, textField: textField, labelField: labelField,
        // Columns that someone names are in a header: a table without them is not taken for one without header.
        hasHeader: textField != "text" || labelField != "label" ? true : nil,
        requiredFields: [.label]))
    while let (record, text) = try records.next() {
      guard let label = record.labels.first else {
        throw unlabelled(line: record.line, of: file, records.reader, labelField: labelField)
      }
      guard record.labels.count == 1 else {
        throw .severalLabels(path: file, line: record.line, labels: record.labels)
      }
      body(text, label, .line(path: file, line: record.line))
    }
  }

  private static func composed(_ label: String) -> String {
    label.utf8.allSatisfy { $0 < 0x80 } ? label : String(decoding: canonicalComposition(label), as: UTF8.self)
  }

  /// Why a record of `file` has no label.
  private static func unlabelled(
    line: Int, of file: String, _ reader: RecordReader, labelField: String
  ) -> DataError {
    switch reader.format {
    case .lines, .nul: return .unlabelledFormat(path: file, format: reader.format)
    case .fasttext: return .unmarkedLine(path: file, line: line)
    case .jsonl: return .missingLabel(path: file, line: line, field: labelField)
    case .tsv, .csv:
      guard let column = reader.labelColumn else { return .unlabelledRows(path: file, line: line) }
      return .emptyLabel(path: file, line: line, column: column)
    }
  }

  /// Holds out a share of each label's texts, from 0 to 1, chosen by `random`, but never the last text of a label: a classifier
  /// that saw none of them would know nothing of the label.
  /// - Returns: what is left, and what is held out; both keep the order of the rows.
  public func split(holdingOut share: Double, random: RandomStream) -> (
    rest: LabelledTexts, held: LabelledTexts
  ) {
    var rest = LabelledTexts(labels: labels)
    var held = LabelledTexts(labels: labels)
    var isHeld = [Bool](repeating: false, count: count)
    var members = [[Int]](repeating: [], count: labels.count)
    for (index, target) in targets.enumerated() { members[target].append(index) }
    for label in labels.indices {
      var stream = random.derived(UInt64(label))
      stream.shuffle(&members[label])
      let memberCount = members[label].count
      let heldCount = Swift.max(
        0, Swift.min(Int((Double(memberCount) * share).rounded()), memberCount - 1))
      for index in members[label].prefix(heldCount) { isHeld[index] = true }
    }
    for index in texts.indices {
      if isHeld[index] {
        held.texts.append(texts[index])
        held.targets.append(targets[index])
      } else {
        rest.texts.append(texts[index])
        rest.targets.append(targets[index])
      }
    }
    return (rest, held)
  }
}
