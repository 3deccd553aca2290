import ArgumentParser
import ClassifierTraining
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// The options of `rnnpkg pretrain` that shape the language model and its training.
struct PretrainArguments: ParsableArguments {
  @Option(
    help: "Cell: \(CellRegistry.standard.kinds.map(\.rawValue).joined(separator: ", ")). Default: lstm.")
  var cell: String?
  @Option(help: "Width of the cell's state. Default: 256.")
  var hidden: Int?
  @Option(help: "Width of word vectors. Default: 256.")
  var embedding: Int?
  @Option(help: "forward, backward or both. Default: both.")
  var direction: ReadingDirection?
  @Option(help: "Times a word must occur. Default: 3.")
  var minCount: Int?
  @Option(help: "Most words, the special ones included; 0 for no limit. Default: 30000.")
  var vocabularySize: Int?
  @Option(help: "The column or key of the text. Default: text.")
  var textField: String?
  @Option(help: "How files of texts are written; auto goes by each file's ending. Default: auto.")
  var format: DataFormat?
  @Option(help: "Share of the texts to hold out. Default: 0.01.")
  var valid: Double?
  @Option(help: "Passes over the texts. Default: 4.")
  var epochs: Int?
  @Option(help: "Texts read side by side. Default: 64.")
  var streams: Int?
  @Option(help: "Steps of a window. Default: 100.")
  var window: Int?
  @Option(help: "Words drawn against each true one. Default: 1024.")
  var samples: Int?
  @Option(help: "Peak learning rate. Default: 0.003.")
  var lr: Double?
  @Option(help: "constant, linear, cosine or one-cycle. Default: one-cycle.")
  var schedule: LearningRateSchedule?
  @Option(help: "Largest global norm of gradients; 0 for none. Default: 0.25.")
  var clip: Double?
  @Option(help: "Share of words dropped. Default: 0.1.")
  var wordDropout: Float?
  @Option(help: "Share of word-vector features dropped, the same at all steps. Default: 0.2.")
  var inputDropout: Float?
  @Option(help: "Share of recurrent weights dropped. Default: 0.2.")
  var weightDropout: Float?
  @Option(help: "Share of the cell's outputs dropped, the same at all steps. Default: 0.2.")
  var outputDropout: Float?
  @Option(help: "Weight of activation regularisation. Default: 0.")
  var ar: Float?
  @Option(help: "Weight of temporal activation regularisation. Default: 0.")
  var tar: Float?
  @Option(help: "Matrix products: f32 or bf16, which rounds what they multiply. Default: f32.")
  var precision: Precision?
  @Option(help: "Seed of everything random. Default: 1.")
  var seed: UInt64?

  func validate() throws { try Seed.check(seed) }

  func apply(to configuration: inout PretrainingConfiguration) {
    if let cell { configuration.model.cell = cell }
    if let hidden { configuration.model.hidden = hidden }
    if let embedding { configuration.model.embedding = embedding }
    if let direction { configuration.model.direction = direction }
    if let minCount { configuration.text.minCount = minCount }
    if let vocabularySize { configuration.text.vocabularySize = vocabularySize }
    if let textField { configuration.data.textField = textField }
    if let format { configuration.data.format = format }
    if let valid { configuration.data.valid = valid }
    if let epochs { configuration.training.epochs = epochs }
    if let streams { configuration.training.streams = streams }
    if let window { configuration.training.window = window }
    if let samples { configuration.training.samples = samples }
    if let lr { configuration.training.learningRate = lr }
    if let schedule { configuration.training.schedule = schedule }
    if schedule == .oneCycle { configuration.training.warmUp = 0 }
    if let clip { configuration.training.clip = clip }
    if let wordDropout { configuration.training.dropout.embeddingRows = wordDropout }
    if let inputDropout { configuration.training.dropout.input = inputDropout }
    if let weightDropout { configuration.training.dropout.weight = weightDropout }
    if let outputDropout { configuration.training.dropout.output = outputDropout }
    if let ar { configuration.training.activation = ar }
    if let tar { configuration.training.temporalActivation = tar }
    if let precision { configuration.training.precision = precision }
    if let seed { configuration.training.seed = seed }
  }
}
