import ModelPackage
import StrictJSON

/// A package's `README.md`: what the manifest says, for people. YAML front matter as model hubs read it.
package struct ModelCard {
  let manifest: Manifest

  package init(_ manifest: Manifest) { self.manifest = manifest }

  package var text: String {
    var lines = ["---"]
    if let license = manifest.license { lines.append("license: \(yaml(license))") }
    lines += list("language", manifest.languages)
    lines += list("tags", manifest.tags)
    lines += ["pipeline_tag: text-classification", "---", "", "# \(manifest.name) \(manifest.version)", ""]
    if let summary = manifest.summary { lines += [summary, ""] }
    lines += ["Labels: \(manifest.task.labels.map(code).joined(separator: ", ")).", ""]
    lines += ["## Model", "", modelSentence, ""] + conversion + origin
    if let card = manifest.card {
      let sections = [
        ("Intended use", card.intendedUse), ("Out of scope", card.outOfScope),
        ("Limitations", card.limitations), ("Bias", card.bias),
      ]
      for case (let title, let text?) in sections { lines += ["## \(title)", "", text, ""] }
    }
    lines += evaluationTable
    lines += behaviourTable
    lines += trainingData
    return lines.joined(separator: "\n")
  }

  private var running: String {
    guard let running = manifest.model.encoder.running, let length = running.length else { return "" }
    return ", texts \(running.kind) at \(length) tokens"
  }

  private var modelSentence: String {
    let model = manifest.model
    return "Cell `\(model.encoder.cell.id)` over word vectors of width \(model.embedding.dim): "
      + "\(model.encoder.layers) layer\(model.encoder.layers == 1 ? "" : "s"), direction "
      + "\(model.encoder.direction.rawValue), readout \(model.readout.type)\(running), \(manifest.tokenizer.size) tokens, "
      + "\(model.parameters.map { "\($0) " } ?? "")parameters stored as \(model.dtype.rawValue.lowercased())."
      + (model.partner.map {
        " Beside it a linear partner on \($0.features) n-grams of up to \($0.orders) words"
          + ($0.stack.partnerMinLength.map { ", for texts of \($0) tokens or more." } ?? ".")
      } ?? "")
  }

  /// What a package with rounded or mean weights is made of, or what training started from; and the same of that package.
  var origin: [String] { manifest.provenance?.baseModel.map(origin) ?? [] }

  private func origin(of base: JSONValue) -> [String] {
    guard case .object(let base) = base else { return [] }
    if case .array(let parts)? = base["average"] {
      let shares = parts.compactMap { part -> String? in
        guard let package = reference(part), let share = part.objectValue?["share"]?.doubleValue else {
          return nil
        }
        return "- \(package), share \(share)"
      }
      return ["## Mean weights", "", "Every weight is the weighted mean of those of these packages:", ""]
        + shares + [""]
    }
    guard let package = reference(.object(base)) else { return [] }
    guard let dtype = base["dtype"]?.stringValue else {
      return ["## Fine-tuning", "", "Training started from \(package).", ""]
    }
    var text =
      "Made of \(package), which stores its weights as \(dtype), by rounding them "
      + "to \(manifest.model.dtype.rawValue). Figures of that package are not those of this one."
    if manifest.model.quantization != nil {
      text +=
        " Matrices are 8-bit integers with a scale for each row; their products are of integers, with each row of "
        + "activations rounded in the same way as it comes."
    }
    return ["## Rounded weights", "", text, ""] + (base["baseModel"].map(origin) ?? [])
  }

  /// Name, version and id of a package that another was made of.
  private func reference(_ base: JSONValue) -> String? {
    guard case .object(let base) = base, let name = base["name"]?.stringValue,
      let version = base["version"]?.stringValue, let id = base["id"]?.stringValue
    else { return nil }
    return "\(code("\(name)@\(version)")), package id \(code(id))"
  }

  /// What the weights were before they were a package's.
  private var conversion: [String] {
    guard case .object(let source)? = manifest.provenance?.convertedFrom,
      let weights = source["weights"]?.stringValue, let layout = source["layout"]?.stringValue,
      let digest = source["sha256"]?.stringValue
    else { return [] }
    return [
      "## Conversion", "",
      "Converted from \(code(weights)), SHA-256 \(code(digest)), with weights laid out as \(layout)'s.", "",
    ]
  }

  private var evaluationTable: [String] {
    guard let evaluation = manifest.evaluation, !evaluation.isEmpty else { return [] }
    var lines = [
      "## Evaluation", "", "| data | rows | accuracy | macro F1 | log loss | ECE |",
      "|---|---|---|---|---|---|",
    ]
    for entry in evaluation {
      let figures = ["accuracy", "macroF1", "logLoss", "ece"].map {
        entry.metrics[$0].map { decimals($0, 4) } ?? ""
      }
      lines.append(
        "| \(cell(entry.data.name)) | \(entry.data.rows.map(String.init) ?? "") | \(figures.joined(separator: " | ")) |"
      )
    }
    return lines + [""]
  }

  private var behaviourTable: [String] {
    guard let rows = manifest.behaviour, !rows.isEmpty else { return [] }
    return ["## Behaviour", "", "| suite | cases | failures |", "|---|---|---|"]
      + rows.map { "| \(cell($0.name)) | \($0.cases) | \($0.failures) |" } + [""]
  }

  private var trainingData: [String] {
    guard let data = manifest.training?.data, !data.isEmpty else { return [] }
    var lines = ["## Training data", ""]
    for source in data {
      var line = "- \(oneLine(source.name))"
      if let rows = source.rows { line += ", \(rows) rows" }
      if let license = source.license { line += ", licence: \(oneLine(license))" }
      if let url = source.url { line += ", \(oneLine(url))" }
      lines.append(line)
    }
    return lines + [""]
  }

  private func list(_ key: String, _ values: [String]?) -> [String] {
    guard let values, !values.isEmpty else { return [] }
    return ["\(key):"] + values.map { "- \(yaml($0))" }
  }

  /// A YAML double-quoted scalar.
  private func yaml(_ text: String) -> String {
    "\"\(oneLine(text, writing: ["\\": #"\\"#, "\"": #"\""#]))\""
  }

  private func code(_ text: String) -> String { "`\(oneLine(text, writing: ["`": "'"]))`" }

  /// A cell of a table.
  private func cell(_ text: String) -> String { oneLine(text, writing: ["|": #"\|"#]) }

  /// Text from elsewhere, such as a file's name: controls, which could end the line, become spaces.
  /// - Parameter forms: scalars that mean something where the text stands, and how they are written there. Scalars, since
  ///   with a combining mark behind it a `|` is another character, and ends a cell all the same.
  private func oneLine(_ text: String, writing forms: [Unicode.Scalar: String] = [:]) -> String {
    text.unicodeScalars.reduce(into: "") { line, scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: line += " "
      default: line += forms[scalar] ?? String(scalar)
      }
    }
  }
}
