import FileAccess
import ModelPackage
import RecurrentCells
import SequenceClassifier
import StrictJSON
import TextEncoding

/// A trained language model on disk: a safetensors file with the names of a package's weights, and in its metadata what
/// they belong to: description, tokeniser settings, vocabulary, history. Nothing in it depends on the clock: the same texts and
/// settings give the same bytes.
public struct LanguageModelFile: Sendable {
  static let format = "recurrent-language-model/1"

  /// The shape: one level of cells, and the words that it knows.
  public let model: LanguageModel
  /// How texts became tokens; a classifier that starts from the model must share case and normalisation.
  public let text: PretrainingText
  /// Special tokens, then words, the most frequent first. The file holds the words alone.
  public let vocabulary: Vocabulary
  /// Embedding, cells, and the head in place of a readout.
  public let parameters: NetworkParameters
  /// One entry for each pass over the texts, first to last.
  public let history: [LanguageModelEpoch]

  /// What the metadata says of the model.
  private struct Description: Codable {
    var cell: String
    var cellConfiguration: JSONValue
    var embedding: Int
    var direction: ReadingDirection
    var text: PretrainingText
    var history: [LanguageModelEpoch]

    enum CodingKeys: String, CodingKey {
      case cell
      case cellConfiguration = "cell-configuration"
      case embedding, direction, text, history
    }
  }

  init(
    model: LanguageModel, text: PretrainingText, vocabulary: Vocabulary, parameters: NetworkParameters,
    history: [LanguageModelEpoch]
  ) {
    self.model = model
    self.text = text
    self.vocabulary = vocabulary
    self.parameters = parameters
    self.history = history
  }

  /// Writes the file whole.
  public func write(to path: String) throws {
    let description = Description(
      cell: model.description.cell.rawValue, cellConfiguration: model.description.cellConfiguration,
      embedding: model.embeddingSize, direction: model.network.direction, text: text, history: history)
    let tensors = model.namedValues(parameters).map {
      Tensor(name: $0.name, shape: $0.shape, values: $0.values)
    }
    let about = Checkpoint.text(try JSONValueEncoder().encode(description))
    let words = Checkpoint.text(
      .array(vocabulary.tokens.dropFirst(Vocabulary.specialTokens.count).map { .string($0) }))
    let file = TensorFile(
      tensors: tensors,
      metadata: [
        "format": LanguageModelFile.format, "model": about, "vocabulary": words,
        "sha256": Checkpoint.digest(tensors, state: about + words),
      ])
    try FileAccess.write(file.bytes(limits: LanguageModelFile.limits), to: path)
  }

  static let limits = TensorFileLimits(fileBytes: 8 << 30, headerBytes: 64 << 20)

  /// Reads and checks a file.
  public init(_ path: String, cells: CellRegistry = .standard) throws {
    try self.init(
      parsing: FileAccess.read(path, limit: LanguageModelFile.limits.fileBytes), of: path, cells: cells)
  }

  /// Checks a file's bytes.
  /// - Parameter path: what errors call it.
  package init(
    parsing bytes: [UInt8], of path: String, cells: CellRegistry = .standard
  ) throws(InitialWeightsError) {
    do {
      let file = try TensorFile(parsing: bytes, limits: LanguageModelFile.limits)
      guard file.metadata["format"] == LanguageModelFile.format, let model = file.metadata["model"],
        let words = file.metadata["vocabulary"]
      else {
        throw InitialWeightsError.damaged(path: path, reason: "it is no \(LanguageModelFile.format) file")
      }
      // Files of engines before 1.2 have none.
      if let digest = file.metadata["sha256"], digest != Checkpoint.digest(file.tensors, state: model + words)
      {
        throw InitialWeightsError.damaged(path: path, reason: "its digest differs")
      }
      let description = try JSONValueDecoder().decode(
        Description.self, from: JSONValue(parsing: Array(model.utf8)), rejectingUnknownKeys: true)
      text = description.text
      history = description.history
      let list = try JSONValueDecoder().decode(
        [String].self, from: JSONValue(parsing: Array(words.utf8)))
      vocabulary = try Vocabulary(tokens: list)
      let languageModel = try LanguageModel(
        NetworkDescription(
          embeddingSize: description.embedding, cell: CellKind(rawValue: description.cell),
          cellConfiguration: description.cellConfiguration, layers: 1, direction: description.direction,
          initialState: .zero, readout: LastStateReadout.kind), vocabularySize: vocabulary.count, cells: cells
      )
      self.model = languageModel
      parameters = try languageModel.parameters { (name, shape) throws(InitialWeightsError) in
        guard let tensor = file[name] else { throw .damaged(path: path, reason: "tensor \(name) is missing") }
        guard tensor.shape == shape else {
          throw .damaged(path: path, reason: "tensor \(name) has shape \(tensor.shape), expected \(shape)")
        }
        return tensor.values
      }
    } catch let error as InitialWeightsError {
      throw error
    } catch {
      throw InitialWeightsError.damaged(path: path, reason: "\(error)")
    }
  }
}
