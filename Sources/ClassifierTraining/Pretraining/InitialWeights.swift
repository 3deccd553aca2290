import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

/// Why trained weights cannot start a classifier.
public enum InitialWeightsError: Error, Equatable {
  case damaged(path: String, reason: String)
  /// A setting of the classifier differs from what the weights belong to.
  case mismatch(path: String, setting: String, found: String, wanted: String)
}

extension InitialWeightsError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .damaged(let path, let reason): "\(path): it holds no language model to start from (\(reason))"
    case .mismatch(let path, let setting, let found, let wanted):
      "\(path) was trained with \(setting) \(wanted), and this run has \(found); set \(setting) to \(wanted)"
    }
  }
}

/// What a classifier starts from: the words, embedding and cells of a language model.
struct InitialWeights {
  private let file: LanguageModelFile
  private let path: String

  init(_ path: String, cells: CellRegistry) throws {
    self.path = path
    file = try LanguageModelFile(path, cells: cells)
  }

  /// Refuses a classifier of another shape.
  func check(_ model: ModelOptions, _ text: TextOptions) throws(InitialWeightsError) {
    func require(
      _ setting: String, _ found: some CustomStringConvertible, _ wanted: some CustomStringConvertible
    )
      throws(InitialWeightsError)
    {
      guard found.description == wanted.description else {
        throw .mismatch(
          path: path, setting: setting, found: found.description, wanted: wanted.description)
      }
    }
    let wanted = file.model.description
    try require("model.cell", model.cell, wanted.cell)
    try require("model.embedding", model.embedding, wanted.embeddingSize)
    try require("model.direction", model.direction.rawValue, file.model.network.direction.rawValue)
    try require("model.layers", model.layers, 1)
    try require(
      "model.hidden", Int64(model.hidden), wanted.cellConfiguration.objectValue?["hidden"]?.integerValue ?? 0)
    try require("text.case", text.letterCase.rawValue, file.text.letterCase.rawValue)
    try require("text.normalization", text.normalization.rawValue, file.text.normalization.rawValue)
  }

  /// The model's words, most frequent first.
  var words: ArraySlice<String> { file.vocabulary.tokens.dropFirst(Vocabulary.specialTokens.count) }

  /// Puts the model's cells, and the vectors of words that it knows, in place of random ones.
  /// - Returns: words of `vocabulary` that got a vector.
  func start(_ parameters: inout NetworkParameters, vocabulary: Vocabulary) -> Int {
    let width = file.model.embeddingSize
    var found = 0
    for id in 0..<vocabulary.count {
      let special = id < Vocabulary.specialTokens.count
      guard
        let source = special
          ? Int32(id) : vocabulary.token(Int32(id)).flatMap({ file.vocabulary.id(of: $0) })
      else { continue }
      if !special { found += 1 }
      let from = Int(source) * width
      parameters.embedding.values.replaceSubrange(
        id * width..<(id + 1) * width, with: file.parameters.embedding.values[from..<from + width])
    }
    for (index, set) in file.parameters.layers.enumerated() {
      for spec in set.specs where parameters.layers[index].index(of: spec.name) != nil {
        parameters.layers[index][spec.name] = set[spec.name]
      }
    }
    return found
  }
}
