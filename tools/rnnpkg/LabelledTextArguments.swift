import ArgumentParser
import ClassifierTraining
import StrictJSON

/// The options that say how a file of labelled texts is read.
struct LabelledTextArguments: ParsableArguments {
  @Option(help: "Other names of labels in the data: 0=negative,1=positive. May be repeated.")
  var labelMap: [String] = []
  @Option(help: "The column or key of the text.")
  var textField = "text"
  @Option(help: "The column or key of the label.")
  var labelField = "label"
  @Option(help: "How all files of labelled texts are written; auto goes by each file's ending.")
  var format = DataFormat.auto

  func validate() throws {
    _ = try map()
    guard textField != labelField else {
      throw ValidationError(
        "--text-field and --label-field are both \(EscapedText(textField)); name two columns")
    }
  }

  /// What repeats these options on a command line: those that are not their defaults.
  var words: [String] {
    var words = labelMap.flatMap { ["--label-map", $0] }
    if textField != "text" { words += ["--text-field", textField] }
    if labelField != "label" { words += ["--label-field", labelField] }
    if format != .auto { words += ["--format", format.rawValue] }
    return words
  }

  /// Refuses them where no option brings the texts that they speak of.
  func require(_ option: String, isGiven: Bool) throws {
    guard !isGiven, let first = words.first else { return }
    throw ValidationError("\(first) goes with \(option)")
  }

  /// The texts of a file, at least one.
  func texts(of path: String, labels: [String]) throws -> LabelledTexts {
    let texts = try LabelledTexts(
      file: path, textField: textField, labelField: labelField, labels: labels, labelMap: map(),
      format: format.recordFormat)
    guard texts.count > 0 else { throw DataError.empty(path: path) }
    return texts
  }

  /// All pairs, without the spaces around their names.
  private func map() throws -> [String: String] {
    var map: [String: String] = [:]
    for pair in labelMap.flatMap({ $0.split(separator: ",") }) {
      let names = pair.split(separator: "=", maxSplits: 1).map(trimmed)
      guard names.count == 2, !names.contains("") else {
        throw ValidationError("--label-map wants from=to,from=to, not \(EscapedText(String(pair)))")
      }
      let (from, to) = (names[0], names[1])
      if let other = map[from], other != to {
        throw ValidationError(
          "--label-map gives \(EscapedText(from)) two labels, \(EscapedText(other)) and \(EscapedText(to)); keep one"
        )
      }
      map[from] = to
    }
    return map
  }

  private func trimmed(_ name: Substring) -> String {
    var name = name.drop { $0.isWhitespace }
    while name.last?.isWhitespace == true { name.removeLast() }
    return String(name)
  }
}
