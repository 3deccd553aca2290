import ArgumentParser
import ClassifierTraining
import TextRecords

/// The options that say how a file of labelled texts is read.
struct LabelledTextArguments: ParsableArguments {
  @Option(help: "Other names of labels in the data: 0=negative,1=positive.")
  var labelMap: String?
  @Option(help: "The column or key of the text.")
  var textField = "text"
  @Option(help: "The column or key of the label.")
  var labelField = "label"
  @Option(help: "The data's format; by default its file ending says.")
  var format: String?

  func validate() throws {
    _ = try map()
    _ = try recordFormat()
  }

  /// The texts of a file, at least one.
  func texts(of path: String, labels: [String]) throws -> LabelledTexts {
    let texts = try LabelledTexts(
      file: path, textField: textField, labelField: labelField, labels: labels, labelMap: map(),
      format: recordFormat())
    guard texts.count > 0 else { throw DataError.empty(path: path) }
    return texts
  }

  private func map() throws -> [String: String] {
    var map: [String: String] = [:]
    for pair in (labelMap ?? "").split(separator: ",") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else {
        throw ValidationError("--label-map wants from=to,from=to, not \"\(pair)\"")
      }
      map[String(parts[0])] = String(parts[1])
    }
    return map
  }

  private func recordFormat() throws -> RecordFormat? {
    try format.map { text in
      guard let format = RecordFormat(rawValue: text) else {
        throw ValidationError(
          "--format is one of \(RecordFormat.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return format
    }
  }
}
