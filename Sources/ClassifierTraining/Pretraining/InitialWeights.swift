import FileAccess
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

/// What a classifier starts from: words, embedding and cells of a language model, or of a package, of which the readout comes
/// along too where it answers with the same labels.
struct InitialWeights {
  private let path: String
  private let description: NetworkDescription
  private let network: RecurrentNetwork
  private let encoder: TextEncoder
  private let parameters: NetworkParameters
  private let cells: CellRegistry
  private let readouts: ReadoutRegistry
  /// Of a package; a language model answers with no labels.
  private let package: (labels: [String], manifest: Manifest, id: String)?

  /// Reads a language model or a package, whichever the file's first bytes are of.
  init(_ path: String, cells: CellRegistry, readouts: ReadoutRegistry, kernels: KernelSet) throws {
    self.path = path
    self.cells = cells
    self.readouts = readouts
    let bytes = try FileAccess.read(path, limit: LanguageModelFile.limits.fileBytes)
    if InitialWeights.holdsTensors(bytes) {
      let file = try LanguageModelFile(parsing: bytes, of: path, cells: cells)
      description = file.model.description
      network = file.model.network
      encoder = TextEncoder(tokenizer: file.text.tokenizer, vocabulary: file.vocabulary)
      parameters = file.parameters
      package = nil
      return
    }
    do {
      let content = try ModelPackage(bytes: bytes)
      // Also checks that every tensor is one of the network's.
      let classifier = try Classifier(content, cells: cells, readouts: readouts, kernels: kernels)
      network = classifier.network
      encoder = classifier.encoder
      description = try NetworkDescription(content.manifest.model)
      parameters = NetworkParameters(
        network, values: network.parameterSpecs.compactMap { content.tensors[$0.name]?.values })
      package = (classifier.labels, content.manifest, content.id)
    } catch {
      throw InitialWeightsError.package(path: path, error)
    }
  }

  /// Whether a file starts as a tensor file does: the length of a header, 8 bytes, and a JSON object. A package is gzip.
  private static func holdsTensors(_ bytes: [UInt8]) -> Bool {
    bytes.count > 8 && bytes[8] == UInt8(ascii: "{") && !bytes.starts(with: [0x1f, 0x8b])
  }

  /// Gives a configuration the shape of what it starts from. Of a package all words stay: the limit counts new ones.
  func shape(_ model: inout ModelOptions, _ text: inout TextOptions) {
    model.cell = description.cell.rawValue
    model.hidden = hidden
    model.cellOptions = .object(settings)
    model.layers = description.layers
    model.direction = description.direction
    model.embedding = description.embeddingSize
    text.letterCase = encoder.tokenizer.configuration.letterCase
    text.normalization = encoder.tokenizer.configuration.normalization
    guard package != nil else { return }
    model.initialState = description.initialState
    model.readout = description.readout.rawValue
    let running = description.running.manifest
    model.running = running?.kind ?? "continuous"
    model.runningLength = running?.length ?? 0
    text.vocabularySize = Swift.min(text.vocabularySize + encoder.vocabulary.count, Vocabulary.entryLimit)
    text.truncate = encoder.truncation
    text.packagedMaxTokens = encoder.maxTokens ?? 0
  }

  private var hidden: Int {
    description.cellConfiguration.objectValue?["hidden"]?.integerValue.flatMap { Int(exactly: $0) } ?? 0
  }

  /// The cell's settings beside its width.
  private var settings: JSONObject {
    var settings = description.cellConfiguration.objectValue ?? JSONObject()
    settings["hidden"] = nil
    return settings
  }

  /// Refuses a classifier of another shape. Readout, first state and running may differ.
  func check(_ model: ModelOptions, _ text: TextOptions) throws {
    var differences: [InitialWeightsError.Difference] = []
    func require(
      _ setting: String, _ found: some CustomStringConvertible, _ wanted: some CustomStringConvertible
    ) {
      guard found.description != wanted.description else { return }
      differences.append(.init(setting: setting, found: found.description, wanted: wanted.description))
    }
    require("model.cell", model.cell, description.cell)
    require("model.embedding", model.embedding, description.embeddingSize)
    require("model.direction", model.direction.rawValue, description.direction.rawValue)
    require("model.layers", model.layers, description.layers)
    require("model.hidden", model.hidden, hidden)
    // With the defaults where nothing is given. Settings that no cell takes are refused elsewhere.
    if model.cell == description.cell.rawValue,
      let own = try? model.description.makeNetwork(
        vocabularySize: network.vocabularySize, labelCount: network.labelCount, cells: cells,
        readouts: readouts)
    {
      require("model.cell-options", try own.cellSettings, try network.cellSettings)
    }
    let tokenizer = encoder.tokenizer.configuration
    require("text.case", text.letterCase.rawValue, tokenizer.letterCase.rawValue)
    require("text.normalization", text.normalization.rawValue, tokenizer.normalization.rawValue)
    guard differences.isEmpty else { throw InitialWeightsError.mismatch(path: path, differences) }
  }

  /// The words, most frequent first.
  var words: ArraySlice<String> { encoder.vocabulary.tokens.dropFirst(Vocabulary.specialTokens.count) }

  /// Whether all words stay: those of a package do, those of a language model fill up what the texts' own leave free.
  var keepsWords: Bool { package != nil }

  /// The package in a manifest's `provenance`.
  var baseModel: JSONValue? {
    package.map { package in
      [
        "name": .string(package.manifest.name), "version": .string(package.manifest.version),
        "id": .string(package.id),
      ]
    }
  }

  /// Puts the cells, the vectors of words that are known, and the readout where it fits, in place of random ones.
  /// - Parameters:
  ///   - vocabulary: of the classifier that starts.
  ///   - labels: likewise.
  /// - Returns: words of `vocabulary` that got a vector.
  func start(
    _ parameters: inout NetworkParameters, vocabulary: Vocabulary, labels: [String], note: (String) -> Void
  ) -> Int {
    let width = network.embeddingSize
    var found = 0
    for id in 0..<vocabulary.count {
      let special = id < Vocabulary.specialTokens.count
      guard
        let source = special
          ? Int32(id) : vocabulary.token(Int32(id)).flatMap({ encoder.vocabulary.id(of: $0) })
      else { continue }
      if !special { found += 1 }
      let from = Int(source) * width
      parameters.embedding.values.replaceSubrange(
        id * width..<(id + 1) * width, with: self.parameters.embedding.values[from..<from + width])
    }
    for (index, set) in self.parameters.layers.enumerated() {
      for spec in set.specs where parameters.layers[index].index(of: spec.name) != nil {
        parameters.layers[index][spec.name] = set[spec.name]
      }
    }
    note(
      "starting from \(EscapedText.unquoted(path)): it knows \(found) of \(vocabulary.count - Vocabulary.specialTokens.count) words"
        + (found < words.count ? "; \(words.count - found) of its own are left out" : ""))
    startReadout(&parameters.readout, labels: labels, note: note)
    return found
  }

  /// Takes over a readout of the same kind and for the same labels, in whatever order they are.
  private func startReadout(_ readout: inout ParameterSet, labels: [String], note: (String) -> Void) {
    guard let package else { return }
    if package.manifest.model.partner != nil {
      note("its partner stays behind; --partner trains one")
    }
    let own = parameters.readout
    guard let order = LabelOrder(of: labels, in: package.labels) else {
      note("the readout is new: the package's labels are \(LabelOrder.shown(package.labels))")
      return
    }
    guard own.specs == readout.specs else {
      note("the readout is new: the package's is \(description.readout.rawValue)")
      return
    }
    for (index, spec) in own.specs.enumerated() {
      let values = Array(own[spec.name])
      // Of each label are the rows of the first two, weight and bias; the rest is the readout's own.
      readout[spec.name] = index < 2 ? order.rows(of: values)[...] : values[...]
    }
  }
}

extension RecurrentNetwork {
  /// The cell's settings beside its width, defaults included.
  fileprivate var cellSettings: String {
    get throws {
      var settings = try manifestCell().config.objectValue ?? JSONObject()
      settings["hidden"] = nil
      return Checkpoint.text(.object(settings))
    }
  }
}
