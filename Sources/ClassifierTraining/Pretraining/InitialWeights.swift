import FileAccess
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

/// Why trained weights cannot start a classifier.
public enum InitialWeightsError: Error {
  /// A setting of this run, and what the weights were trained with.
  public struct Difference: Equatable, Sendable {
    public var setting: String
    public var found: String
    public var wanted: String

    public init(setting: String, found: String, wanted: String) {
      self.setting = setting
      self.found = found
      self.wanted = wanted
    }
  }

  /// A file that is no language model, or a damaged one.
  case damaged(path: String, reason: String)
  /// A package that cannot be read or used.
  case package(path: String, any Error)
  /// Settings of the classifier differ from what the weights belong to.
  case mismatch(path: String, [Difference])
}

extension InitialWeightsError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .damaged(let path, let reason):
      "\(path): it is no package, and holds no language model to start from (\(reason))"
    case .package(let path, let error as PackageError): error.message(for: path)
    case .package(let path, let error): "\(path): \(error)"
    case .mismatch(let path, let differences):
      "\(path) was trained with other settings; set "
        + differences.map { "\($0.setting) to \($0.wanted) (this run has \($0.found))" }.joined(
          separator: ", ")
    }
  }
}

/// What a classifier starts from: words, embedding and cells of a language model, or of a package, of which the readout comes
/// along too where it answers with the same labels.
struct InitialWeights {
  private let path: String
  private let description: NetworkDescription
  private let network: RecurrentNetwork
  private let tokenizer: WordTokenizerConfiguration
  private let vocabulary: Vocabulary
  private let parameters: NetworkParameters
  /// Of a package.
  private let labels: [String]
  private let cells: CellRegistry

  /// Reads a language model or a package, whichever the file's first bytes are of.
  init(_ path: String, cells: CellRegistry, readouts: ReadoutRegistry, kernels: KernelSet) throws {
    self.path = path
    self.cells = cells
    let bytes = try FileAccess.read(path, limit: LanguageModelFile.limits.fileBytes)
    guard bytes.starts(with: InitialWeights.packageStart) else {
      let file = try LanguageModelFile(parsing: bytes, of: path, cells: cells)
      description = file.model.description
      network = file.model.network
      tokenizer = file.text.tokenizer.configuration
      vocabulary = file.vocabulary
      parameters = file.parameters
      labels = []
      return
    }
    let package: ModelPackage
    do {
      package = try ModelPackage(bytes: bytes)
      // Also checks that every tensor is one of the network's.
      let classifier = try Classifier(package, cells: cells, readouts: readouts, kernels: kernels)
      network = classifier.network
      tokenizer = classifier.encoder.tokenizer.configuration
      vocabulary = classifier.encoder.vocabulary
      labels = classifier.labels
      description = try NetworkDescription(package.manifest.model)
    } catch {
      throw InitialWeightsError.package(path: path, error)
    }
    parameters = NetworkParameters(
      network, values: network.parameterSpecs.map { package.tensors[$0.name]?.values ?? [] })
  }

  /// What a gzip file begins with (RFC 1952); a language model's file begins with the length of its header.
  private static let packageStart: [UInt8] = [0x1f, 0x8b]

  /// Refuses a classifier of another shape.
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
    let hidden = description.cellConfiguration.objectValue?["hidden"]?.integerValue ?? 0
    require("model.hidden", model.hidden, hidden)
    require("text.case", text.letterCase.rawValue, tokenizer.letterCase.rawValue)
    require("text.normalization", text.normalization.rawValue, tokenizer.normalization.rawValue)
    if differences.isEmpty {
      // What a cell has beside its width, with the defaults where nothing is given.
      let own = try model.description.makeNetwork(
        vocabularySize: Vocabulary.specialTokens.count, labelCount: 1, cells: cells, readouts: .standard)
      require("model.cell-options", try own.cellText, try network.cellText)
    }
    guard differences.isEmpty else { throw InitialWeightsError.mismatch(path: path, differences) }
  }

  /// Gives a configuration the shape of what it starts from.
  func shape(_ model: inout ModelOptions, _ text: inout TextOptions) {
    model.cell = description.cell.rawValue
    var settings = description.cellConfiguration.objectValue ?? JSONObject()
    model.hidden = settings["hidden"]?.integerValue.flatMap { Int(exactly: $0) } ?? model.hidden
    settings["hidden"] = nil
    model.cellOptions = .object(settings)
    model.layers = description.layers
    model.direction = description.direction
    model.embedding = description.embeddingSize
    text.letterCase = tokenizer.letterCase
    text.normalization = tokenizer.normalization
    guard !labels.isEmpty else { return }
    model.initialState = description.initialState
    model.readout = description.readout.rawValue
    let running = description.running.manifest
    model.running = running?.kind ?? "continuous"
    model.runningLength = running?.length ?? 0
  }

  /// The words, most frequent first.
  var words: ArraySlice<String> { vocabulary.tokens.dropFirst(Vocabulary.specialTokens.count) }

  /// Puts the cells, the vectors of words that are known, and the readout where it fits, in place of random ones.
  /// - Parameters:
  ///   - vocabulary: of the classifier that starts.
  ///   - labels: likewise.
  /// - Returns: words of `vocabulary` that got a vector.
  func start(_ parameters: inout NetworkParameters, vocabulary: Vocabulary, labels: [String]) -> Int {
    let width = network.embeddingSize
    var found = 0
    for id in 0..<vocabulary.count {
      let special = id < Vocabulary.specialTokens.count
      guard
        let source = special
          ? Int32(id) : vocabulary.token(Int32(id)).flatMap({ self.vocabulary.id(of: $0) })
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
    startReadout(&parameters.readout, labels: labels)
    return found
  }

  /// Takes over a readout of the same kind and for the same labels, in whatever order they are.
  private func startReadout(_ readout: inout ParameterSet, labels: [String]) {
    let own = parameters.readout
    let places = labels.compactMap { label in self.labels.firstIndex { Array($0.utf8) == Array(label.utf8) } }
    guard places.count == labels.count, labels.count == self.labels.count, own.specs == readout.specs else {
      return
    }
    for spec in own.specs {
      guard spec.shape.first == labels.count, ["weight", "bias"].contains(spec.name) else {
        readout[spec.name] = own[spec.name]
        continue
      }
      let values = Array(own[spec.name])
      let width = values.count / labels.count
      readout[spec.name] = places.flatMap { values[$0 * width..<($0 + 1) * width] }[...]
    }
  }
}

extension RecurrentNetwork {
  /// The cell's kind and settings, defaults included.
  fileprivate var cellText: String {
    get throws {
      guard let cell = try manifestCell() else { return "" }
      return Checkpoint.text(cell.config)
    }
  }
}
