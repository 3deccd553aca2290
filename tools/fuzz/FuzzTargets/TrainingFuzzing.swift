import ClassifierTraining
import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

/// Files that training reads back.
enum TrainingFuzzing {
  private static let network: RecurrentNetwork = {
    do {
      return try NetworkDescription(
        embeddingSize: 2, cell: "rnn", cellConfiguration: ["hidden": 2], layers: 1, direction: .forward,
        initialState: .zero, readout: "last"
      ).makeNetwork(vocabularySize: 5, labelCount: 2, cells: .standard, readouts: .standard)
    } catch { fatalError("no network: \(error)") }
  }()

  private static let options = TrainingConfiguration().training

  /// The digest inside the file would stop nearly every mutation, so that what it covers is given the right one then. What is
  /// no tensor file is refused in the first step of both.
  static func checkpoint(_ bytes: [UInt8]) -> Bool {
    guard let file = try? TensorFile(parsing: bytes, limits: .checkpoint) else { return false }
    guard let state = read(bytes) ?? resealed(file).flatMap(read) else { return false }
    promise(state.epoch >= 0 && state.batch >= 0, "training would go on before its start")
    return true
  }

  private static func read(_ bytes: [UInt8]) -> TrainingState? {
    try? Checkpoint.state(of: bytes, path: "fuzz", network, options, run: [:])
  }

  /// The start of a run.
  static func checkpointSeed() throws -> [UInt8] {
    let parameters = NetworkParameters(initialising: network, random: RandomStream(seed: 1))
    return try Checkpoint.bytes(
      of: TrainingState(network, options, parameters: parameters), network, run: [:])
  }

  /// A tensor file with the digest and the run that a checkpoint of these tensors has.
  private static func resealed(_ file: TensorFile) -> [UInt8]? {
    var file = file
    file.metadata["run"] = "{}"
    file.metadata["sha256"] = Checkpoint.digest(file.tensors, state: file.metadata["state"] ?? "")
    return try? file.bytes(limits: .checkpoint)
  }

  /// The digest inside the file would stop nearly every mutation; a file may lack it.
  static func languageModel(_ bytes: [UInt8]) -> Bool {
    guard var tensors = try? TensorFile(parsing: bytes, limits: .checkpoint) else { return false }
    tensors.metadata["sha256"] = nil
    guard
      let file = (try? LanguageModelFile(parsing: bytes, of: "fuzz"))
        ?? (try? tensors.bytes(limits: .checkpoint)).flatMap({
          try? LanguageModelFile(parsing: $0, of: "fuzz")
        })
    else { return false }
    promise(file.vocabulary.count >= 4, "a vocabulary without special tokens")
    return true
  }
}
