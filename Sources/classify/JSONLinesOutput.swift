import Recurrent
import StrictJSON

/// One JSON object a line. Members only get more: programs may rely on those that are there.
///
///     {"id":"7","index":0,"label":"positive","score":0.9731,"scores":[{"label":"positive","score":0.9731}],
///      "tokens":6,"unknown":0,"truncated":false,"abstained":false,"model":"sentiment@1.2.0"}
///     {"id":"8","index":1,"error":{"code":"invalid_utf8","message":"byte 0xff at offset 12 is not UTF-8"}}
///
/// `id` is there where the record has one. `abstained` is true where the score is too low to be an answer; `label` and `score`
/// are the best ones all the same. Where fields are kept, `"fields":{…}` is the last member of every record: the object of
/// JSON Lines as it was written, columns as strings, and empty where the input has neither, a line is no object or a row is at
/// fault. Numbers are the shortest that read back as the same `Float`.
struct JSONLinesOutput: RecordWriter {
  /// Labels in `scores`; `nil` for all.
  private let labelLimit: Int?
  /// The package's labels, where `logits` are written: an array of `{"label","logit"}` in their order.
  private let logitLabels: [String]?
  private let keepsFields: Bool
  /// The last member of a prediction other than `fields`.
  private let modelMember: [UInt8]

  /// - Parameter model: `name@version` of the package.
  init(labelLimit: Int?, logitLabels: [String]?, keepsFields: Bool, model: String) {
    self.labelLimit = labelLimit
    self.logitLabels = logitLabels
    self.keepsFields = keepsFields
    var member: [UInt8] = []
    member.append(",\"model\":" as StaticString)
    JSONValue.appendString(model, to: &member)
    modelMember = member
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
    case .prediction(let prediction, let isAbstained):
      append(prediction, into: &bytes)
      bytes.append(isAbstained ? ",\"abstained\":true" : ",\"abstained\":false" as StaticString)
      bytes.append(contentsOf: modelMember)
    case .fault(let error):
      bytes.append(",\"error\":{\"code\":" as StaticString)
      JSONValue.appendString(error.code, to: &bytes)
      bytes.append(",\"message\":" as StaticString)
      JSONValue.appendString(error.message, to: &bytes)
      bytes.append("}" as StaticString)
    }
    if keepsFields { append(record.fields, into: &bytes) }
    bytes.append("}\n" as StaticString)
  }

  private func append(_ fields: KeptFields, into bytes: inout [UInt8]) {
    bytes.append(",\"fields\":" as StaticString)
    switch fields {
    case .none: bytes.append("{}" as StaticString)
    case .object(let object): bytes.append(object)
    case .columns(let columns):
      bytes.append("{" as StaticString)
      for (position, column) in columns.enumerated() {
        if position > 0 { bytes.append(.comma) }
        JSONValue.appendString(column.name, to: &bytes)
        bytes.append(":" as StaticString)
        JSONValue.appendString(column.value, to: &bytes)
      }
      bytes.append("}" as StaticString)
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
