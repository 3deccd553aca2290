import Recurrent
import StrictJSON

/// One JSON object a line. Members only get more: programs may rely on those that are there.
///
///     {"id":"7","index":0,"label":"positive","score":0.9731,"scores":[{"label":"positive","score":0.9731}],
///      "tokens":6,"unknown":0,"truncated":false,"abstained":false,"model":"sentiment@1.2.0"}
///     {"id":"8","index":1,"error":{"code":"invalid_utf8","message":"byte 0xff at offset 12 is not UTF-8"}}
///
/// `id` is there where the record has one. Numbers are the shortest that read back as the same `Float`.
struct JSONLinesOutput: RecordWriter {
  /// Labels in `scores`; `nil` for all.
  private let labelLimit: Int?
  /// The package's labels, where `logits` are written: an array of `{"label","logit"}` in their order.
  private let logitLabels: [String]?
  /// The last member and the end of the line.
  private let ending: [UInt8]

  /// - Parameter model: `name@version` of the package.
  init(labelLimit: Int?, logitLabels: [String]?, model: String) {
    self.labelLimit = labelLimit
    self.logitLabels = logitLabels
    var ending: [UInt8] = []
    ending.append(",\"model\":" as StaticString)
    JSONValue.appendString(model, to: &ending)
    ending.append("}\n" as StaticString)
    self.ending = ending
  }

  func append(_ answer: RecordAnswer, to record: InputRecord, into bytes: inout [UInt8]) {
    bytes.append("{" as StaticString)
    if let id = record.id {
      bytes.append("\"id\":" as StaticString)
      JSONValue.appendString(id, to: &bytes)
      bytes.append("," as StaticString)
    }
    bytes.append("\"index\":" as StaticString)
    bytes.append(String(record.index))
    switch answer {
    case .prediction(let prediction):
      append(prediction, into: &bytes)
      bytes.append(contentsOf: ending)
    case .fault(let error):
      bytes.append(",\"error\":{\"code\":" as StaticString)
      JSONValue.appendString(error.code, to: &bytes)
      bytes.append(",\"message\":" as StaticString)
      JSONValue.appendString(error.message, to: &bytes)
      bytes.append("}}\n" as StaticString)
    }
  }

  private func append(_ prediction: Prediction, into bytes: inout [UInt8]) {
    bytes.append("," as StaticString)
    append(label: prediction.label, "score", prediction.score, into: &bytes)
    bytes.append(",\"scores\":[" as StaticString)
    for (position, score) in prediction.scores.prefix(labelLimit ?? .max).enumerated() {
      bytes.append(position == 0 ? "{" : ",{" as StaticString)
      append(label: score.label, "score", score.score, into: &bytes)
      bytes.append("}" as StaticString)
    }
    bytes.append("]" as StaticString)
    if let logitLabels {
      bytes.append(",\"logits\":[" as StaticString)
      for (position, (label, logit)) in zip(logitLabels, prediction.logits).enumerated() {
        bytes.append(position == 0 ? "{" : ",{" as StaticString)
        append(label: label, "logit", logit, into: &bytes)
        bytes.append("}" as StaticString)
      }
      bytes.append("]" as StaticString)
    }
    bytes.append(",\"tokens\":" as StaticString)
    bytes.append(String(prediction.tokenCount))
    bytes.append(",\"unknown\":" as StaticString)
    bytes.append(String(prediction.unknownCount))
    bytes.append(prediction.isTruncated ? ",\"truncated\":true" : ",\"truncated\":false" as StaticString)
    bytes.append(",\"abstained\":false" as StaticString)
  }

  /// `"label":"x","score":0.5`.
  private func append(label: String, _ name: StaticString, _ value: Float, into bytes: inout [UInt8]) {
    bytes.append("\"label\":" as StaticString)
    JSONValue.appendString(label, to: &bytes)
    bytes.append(",\"" as StaticString)
    bytes.append(name)
    bytes.append("\":" as StaticString)
    // Swift prints the shortest decimal, in a form JSON allows. The classifier gives only finite numbers.
    bytes.append(value.isFinite ? value.description : "null")
  }
}
