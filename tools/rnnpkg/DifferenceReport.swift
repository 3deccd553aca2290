import ClassifierTraining
import ModelPackage
import StrictJSON
import TextRecords

/// The report of `rnnpkg diff`, for people or for programs.
struct DifferenceReport {
  let before: ModelPackage
  let after: ModelPackage
  let difference: PackageDifference
  let behaviour: BehaviourDifference?
  /// The name of the labelled texts.
  let data: String?
  /// The labelled texts, where flips are to be listed.
  let flippedTexts: [String]?

  init(
    before: ModelPackage, after: ModelPackage, _ difference: PackageDifference,
    behaviour: BehaviourDifference?, data: String?, flippedTexts: [String]?
  ) {
    self.before = before
    self.after = after
    self.difference = difference
    self.behaviour = behaviour
    self.data = data
    self.flippedTexts = flippedTexts
  }

  private static let wordLimit = 12
  private static let valueLimit = 60

  var text: String {
    var lines = [
      "\(before.manifest.reference) (\(before.id.prefix(12))) → \(after.manifest.reference) (\(after.id.prefix(12)))"
    ]
    if difference.isIdentical { lines.append("the same manifest, so the same package") }
    lines += manifest + vocabulary + weights + answers
    return lines.map(EscapedText.unquoted).joined(separator: "\n") + "\n"
  }

  private var manifest: [String] {
    guard !difference.manifest.isEmpty else { return [] }
    let width = difference.manifest.map(\.path.count).max() ?? 0
    return ["", "manifest"]
      + difference.manifest.map { entry in
        "  \(padded(entry.path, width))  \(value(entry.before)) → \(value(entry.after))"
      }
  }

  private func value(_ value: JSONValue?) -> String {
    guard let value else { return "none" }
    let text = String(decoding: value.canonicalBytes(), as: UTF8.self)
    return text.count <= Self.valueLimit ? text : text.prefix(Self.valueLimit) + "…"
  }

  private var vocabulary: [String] {
    func words(_ words: [String]) -> String {
      words.isEmpty
        ? ""
        : ": " + words.prefix(Self.wordLimit).joined(separator: " ")
          + (words.count > Self.wordLimit ? " …" : "")
    }
    let changes = [
      (difference.addedWords.count, "added\(words(difference.addedWords))"),
      (difference.removedWords.count, "removed\(words(difference.removedWords))"),
      (difference.movedWords, "with another number"),
    ].filter { $0.0 > 0 }
    return changes.isEmpty ? [] : ["", "vocabulary"] + changes.map { "  \(grouped($0.0)) \($0.1)" }
  }

  private var weights: [String] {
    guard !difference.tensors.isEmpty else { return [] }
    let width = difference.tensors.map(\.name.count).max() ?? 0
    return ["", "weights"]
      + difference.tensors.map { tensor in
        "  \(padded(tensor.name, width))  \(forms(tensor))"
          + (tensor.change.map {
            "   largest change \(decimals($0.largest, 6)), relative \(decimals($0.relative, 6))"
          } ?? "")
      }
      + (difference.identicalTensors > 0
        ? ["  \(difference.identicalTensors) more are the same to the bit"] : [])
  }

  private func forms(_ tensor: TensorDifference) -> String {
    func form(_ form: TensorDifference.Form?) -> String {
      form.map { "\($0.dtype.rawValue) \($0.shape)" } ?? "none"
    }
    return tensor.before == tensor.after
      ? form(tensor.before) : "\(form(tensor.before)) → \(form(tensor.after))"
  }

  private var answers: [String] {
    guard let behaviour, let data else { return [] }
    let test = behaviour.test
    var lines = [
      "", "answers to \(RecordReader.displayName(of: data)), \(grouped(behaviour.count)) texts",
      "  accuracy   \(decimals(behaviour.accuracyBefore, 4)) → \(decimals(behaviour.accuracyAfter, 4))",
      "  flips      \(grouped(behaviour.flips.count)) (\(percent(behaviour.flips.count, of: behaviour.count))), "
        + "\(grouped(test.onlySecond)) became right, \(grouped(test.onlyFirst)) became wrong, "
        + "McNemar's p \(decimals(test.probability, 4))",
      "  largest change of a probability \(decimals(behaviour.largestChange, 4))",
    ]
    if let flippedTexts {
      lines += behaviour.flips.map { flip in
        "  \(flip.before) → \(flip.after) (data: \(flip.truth))  \(flippedTexts[flip.index])"
      }
    }
    return lines
  }

  func json() throws -> JSONValue {
    var object = JSONObject()
    object["before"] = reference(before)
    object["after"] = reference(after)
    object["identical"] = .bool(difference.isIdentical)
    object["manifest"] = .array(
      difference.manifest.map { entry in
        ["path": .string(entry.path), "before": entry.before ?? .null, "after": entry.after ?? .null]
      })
    object["vocabulary"] = [
      "added": .array(difference.addedWords.map { .string($0) }),
      "removed": .array(difference.removedWords.map { .string($0) }),
      "moved": .integer(Int64(difference.movedWords)),
    ]
    object["weights"] = .array(difference.tensors.map(tensor))
    object["identicalTensors"] = .integer(Int64(difference.identicalTensors))
    if let behaviour, let data { object["answers"] = answers(behaviour, data) }
    return .object(object)
  }

  private func reference(_ package: ModelPackage) -> JSONValue {
    ["model": .string(package.manifest.reference), "id": .string(package.id)]
  }

  private func tensor(_ tensor: TensorDifference) -> JSONValue {
    func form(_ form: TensorDifference.Form?) -> JSONValue {
      guard let form else { return .null }
      return [
        "dtype": .string(form.dtype.rawValue), "shape": .array(form.shape.map { .integer(Int64($0)) }),
      ]
    }
    return [
      "name": .string(tensor.name), "before": form(tensor.before), "after": form(tensor.after),
      "largestChange": tensor.change.map { .number($0.largest) } ?? .null,
      "relativeChange": tensor.change.map { .number($0.relative) } ?? .null,
    ]
  }

  private func answers(_ behaviour: BehaviourDifference, _ data: String) -> JSONValue {
    [
      "data": .string(data), "texts": .integer(Int64(behaviour.count)),
      "accuracyBefore": .number(behaviour.accuracyBefore), "accuracyAfter": .number(behaviour.accuracyAfter),
      "flips": .integer(Int64(behaviour.flips.count)),
      "becameRight": .integer(Int64(behaviour.test.onlySecond)),
      "becameWrong": .integer(Int64(behaviour.test.onlyFirst)),
      "mcnemarP": .number(behaviour.test.probability),
      "largestProbabilityChange": .number(behaviour.largestChange),
      "flipped": .array(
        behaviour.flips.map { flip in
          var object = JSONObject()
          object["index"] = .integer(Int64(flip.index))
          object["before"] = .string(flip.before)
          object["after"] = .string(flip.after)
          object["label"] = .string(flip.truth)
          if let flippedTexts { object["text"] = .string(flippedTexts[flip.index]) }
          return .object(object)
        }),
    ]
  }
}
