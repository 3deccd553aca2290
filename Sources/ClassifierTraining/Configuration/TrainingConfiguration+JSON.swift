import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON

extension TrainingConfiguration {
  /// The configuration as a tree, every option in it.
  public func tree() throws -> JSONValue { try JSONValueEncoder().encode(self) }

  /// A configuration from a partial tree over the defaults; options that do not exist are refused.
  ///
  /// Where training starts from a language model or a package, its shape takes the place of defaults: cell, widths, layers,
  /// direction, case and normalisation; of a package also readout, initial state, running, truncation and the limit of
  /// tokens, and the vocabulary may be larger by its words.
  /// - Parameter start: what to start from; where nil, `model.init-from` of the tree says it.
  /// - Throws: `FileError` for a start that cannot be read, `InitialWeightsError` for one that is neither.
  public init(
    merging partial: JSONValue, startingFrom start: String? = nil, cells: CellRegistry = .standard,
    readouts: ReadoutRegistry = .standard, kernels: KernelSet = .best
  ) throws {
    var base = TrainingConfiguration()
    let path = start ?? partial.objectValue?["model"]?.objectValue?["init-from"]?.stringValue ?? ""
    if !path.isEmpty {
      try InitialWeights(path, cells: cells, readouts: readouts, kernels: kernels).shape(
        &base.model, &base.text)
    }
    let merged = TrainingConfiguration.merge(partial, into: try base.tree())
    self = try JSONValueDecoder().decode(TrainingConfiguration.self, from: merged, rejectingUnknownKeys: true)
    model.initFrom = path
  }

  /// `partial` over `base`: objects member by member, anything else replaced.
  public static func merge(_ partial: JSONValue, into base: JSONValue) -> JSONValue {
    guard case .object(let members) = partial, case .object(var result) = base else { return partial }
    for member in members {
      result[member.key] = result[member.key].map { merge(member.value, into: $0) } ?? member.value
    }
    return .object(result)
  }

  /// Refuses values that no run can use.
  public func validate() throws(OptionError) {
    let require = OptionChecks()
    try training.validate()
    try require(
      data.unlabelled.isEmpty || training.readsUnlabelled || !data.teachers.isEmpty, "data.unlabelled",
      data.unlabelled.joined(separator: ", "),
      "left out unless there are data.teachers, or training.virtual.weight or training.entropy.weight is above 0"
    )
    try require(
      data.teachers.isEmpty || !data.unlabelled.isEmpty, "data.teachers",
      data.teachers.joined(separator: ", "),
      "left out, or used with data.unlabelled: the texts that they are asked about")
    try require(
      data.labelField != data.textField, "data.label-field", "\(EscapedText(data.labelField))",
      "another column than data.text-field")
    try require(
      training.readsUnlabelled || training.ramp == TrainingOptions().ramp, "training.ramp", training.ramp,
      "left out unless training.virtual.weight or training.entropy.weight is above 0")
    try require(
      training.unlabelledBatchSize == 0 || (training.readsUnlabelled && !data.unlabelled.isEmpty),
      "training.unlabelled-batch-size", training.unlabelledBatchSize,
      "left out unless there are data.unlabelled, and training.virtual.weight or training.entropy.weight is above 0"
    )
    try partner.validate()
    try partner.checkUse()
    try require((1...65_536).contains(model.hidden), "model.hidden", model.hidden, "from 1 to 65536")
    try require((1...65_536).contains(model.embedding), "model.embedding", model.embedding, "from 1 to 65536")
    try require((1...64).contains(model.layers), "model.layers", model.layers, "from 1 to 64")
    try require(
      model.vectorScale > 0 && model.vectorScale <= 100, "model.vector-scale", model.vectorScale,
      "above 0 and at most 100")
    try require(
      model.initFrom.isEmpty || model.vectors.isEmpty, "model.vectors", "\"\(model.vectors)\"",
      "empty where model.init-from gives the vectors")
    try require(
      Running.kinds.contains(model.running), "model.running", "\(EscapedText(model.running))",
      "one of \(Running.kinds.joined(separator: ", "))")
    let limit =
      switch model.running {
      case "chopped": Manifest.Limits.pieceLength
      case "windowed": Manifest.Limits.windowLength
      default: 0
      }
    try require(
      (Swift.min(1, limit)...limit).contains(model.runningLength), "model.running-length",
      model.runningLength, limit == 0 ? "0 for continuous" : "from 1 to \(limit)")
    try require(
      model.running != "windowed" || training.bpttWindow == 0, "training.bptt-window", training.bpttWindow,
      "0 where model.running is windowed: gradients go back through each window whole")
    let isMoved = training.adversarial.weight > 0 || training.virtualAdversarial.weight > 0
    try require(
      !isMoved || model.running == "continuous", "model.running", model.running,
      "continuous for adversarial and virtual adversarial training")
    try require(text.minCount >= 1, "text.min-count", text.minCount, "1 or more")
    try require(
      text.vocabularySize == 0 || (5...2_000_000).contains(text.vocabularySize), "text.vocabulary-size",
      text.vocabularySize, "0 for no limit, or from 5 to 2000000")
    try require(text.maxTokens >= 0, "text.max-tokens", text.maxTokens, "0 for all, or a number of tokens")
    try require(
      text.packagedMaxTokens >= 0, "text.packaged-max-tokens", text.packagedMaxTokens,
      "0 for all, or a number of tokens")
    try require(!package.name.isEmpty, "package.name", "empty", "a name")
    try require(
      package.dtype == .f32 || package.dtype == .f16, "package.dtype", "\"\(package.dtype.rawValue)\"",
      "\"f32\" or \"f16\"; make integers of a package with rnnpkg quantize")
  }
}

extension PartnerOptions {
  /// Refuses settings that no partner is made with. One that is the default cannot be told from one that was not given.
  fileprivate func checkUse() throws(OptionError) {
    guard !enabled else { return }
    let (require, unset) = (OptionChecks(table: "partner"), PartnerOptions())
    let allowed = "left out unless partner.enabled is true"
    try require(orders == unset.orders, "orders", orders, allowed)
    try require(maxBytes == unset.maxBytes, "max-bytes", maxBytes, allowed)
    try require(l2 == unset.l2, "l2", l2, allowed)
    try require(minDocuments == unset.minDocuments, "min-documents", minDocuments, allowed)
  }
}

extension ModelOptions {
  /// Refuses a cell, a readout or settings of a cell that do not exist, before any data is read.
  func checkParts(cells: CellRegistry, readouts: ReadoutRegistry) throws(OptionError) {
    do {
      _ = try description.makeNetwork(vocabularySize: 5, labelCount: 2, cells: cells, readouts: readouts)
    } catch {
      switch error {
      case .unknownCell(let name, let known):
        throw OptionError(option: "model.cell", value: "\(EscapedText(name))", allowed: oneOf(known))
      case .unknownReadout(let name, let known):
        throw OptionError(option: "model.readout", value: "\(EscapedText(name))", allowed: oneOf(known))
      default:
        throw OptionError(
          option: "model.cell-options", value: String(decoding: cellOptions.canonicalBytes(), as: UTF8.self),
          allowed: "what the cell \(cell) takes: \(error)")
      }
    }
  }

  private func oneOf(_ names: [String]) -> String { "one of \(names.joined(separator: ", "))" }
}
