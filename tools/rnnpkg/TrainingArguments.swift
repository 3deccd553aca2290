import ArgumentParser
import ClassifierTraining
import RecurrentNumerics
import SequenceClassifier

/// The options of `rnnpkg train` that steer training.
struct TrainingArguments: ParsableArguments {
  @Option(help: "Dev data: a file or folder, or a share of the training texts. Default: 0.1.")
  var valid: String?
  @Option(help: "The column or key of the text. Default: text.")
  var textField: String?
  @Option(help: "The column or key of the label. Default: label.")
  var labelField: String?
  @Option(
    help: """
      How training and dev files are written, and with fasttext those of --unlabelled that are called .txt; auto goes by \
      each file's ending. Default: auto.
      """)
  var format: DataFormat?
  @Option(help: "Passes over the training texts. Default: 10.")
  var epochs: Int?
  @Option(help: "Most tokens of a batch. Default: 8192.")
  var batchTokens: Int?
  @Option(help: "Most texts of a batch. Default: 64.")
  var batchSize: Int?
  @Option(help: "adam, adamw or sgd. Default: adam.")
  var optimizer: OptimiserKind?
  @Option(help: "Peak learning rate. Default: 0.002.")
  var lr: Double?
  @Option(help: "constant, linear, cosine or one-cycle. Default: one-cycle.")
  var schedule: LearningRateSchedule?
  @Option(
    help: """
      Share of training over which the rate climbs; only with another schedule than one-cycle, which climbs by itself. \
      Default: 0.
      """)
  var warmUp: Double?
  @Option(help: "Largest global norm of gradients; 0 for none. Default: 1.")
  var clip: Double?
  @Option(help: "Weight decay. Default: 0.")
  var weightDecay: Float?
  @Option(help: "Share of readout features dropped. Default: 0.5.")
  var dropout: Float?
  @Option(help: "Share of word-vector features dropped, the same at all steps. Default: 0.3.")
  var inputDropout: Float?
  @Option(help: "Share of words dropped. Default: 0.1.")
  var wordDropout: Float?
  @Option(help: "none, or balanced: every class counts the same. Default: none.")
  var classWeight: ClassWeighting?
  @Option(help: "Label smoothing. Default: 0.")
  var labelSmoothing: Float?
  @Option(help: "Decay of the moving average of weights; 0 for none. Default: 0.999.")
  var average: Double?
  @Option(help: "Epochs without a better dev metric before training stops; 0 for never. Default: 3.")
  var patience: Int?
  @Option(help: "The dev metric: accuracy, macro-f1 or log-loss. Default: accuracy.")
  var metric: SelectionMetric?
  @Option(
    help: "Steps of a truncated back-propagation window; 0 for whole texts; not with --windowed. Default: 0.")
  var bpttWindow: Int?
  @Option(help: "Products of recurrent layers: f32 or bf16, which rounds what they multiply. Default: f32.")
  var precision: Precision?
  @Option(
    help: """
      Adversarial training: how far embedded texts are moved, in units of the root mean square of their features; 5 is \
      the papers'. Default: off.
      """)
  var adversarial: Double?
  @Option(help: "Virtual adversarial training, which needs no labels: how far texts are moved. Default: off.")
  var virtualAdversarial: Double?
  @Option(help: "Weight of the mean entropy of predictions, labelled or not. Default: 0.")
  var entropy: Double?
  @Option(
    parsing: .upToNextOption,
    help: """
      Files or folders of texts for --teacher, --virtual-adversarial and --entropy; labels are not read.
      """,
    completion: .file())
  var unlabelled: [String] = []
  @Option(
    name: .customLong("teacher"),
    help: """
      A package whose answers to the --unlabelled texts are learnt as well; may be repeated, the mean of all is learnt.
      """, completion: .file())
  var teachers: [String] = []
  @Option(
    help: """
      Share of training over which --virtual-adversarial and --entropy grow to their weights; only with one of them. \
      Default: 0.1.
      """)
  var ramp: Double?
  @Option(
    help: """
      Most --unlabelled texts of a step, where --virtual-adversarial or --entropy reads them; 0 for as many as labelled \
      ones. Default: 0.
      """)
  var unlabelledBatchSize: Int?
  @Option(help: "Parts of a batch that threads share out. Default: 2.")
  var shards: Int?
  @Option(
    help: "Each part below the readout learns at the rate of the one above divided by this. Default: 1.")
  var rateFactor: Double?
  @Option(help: "Epochs until the next part below the readout learns too; 0 for all at once. Default: 0.")
  var unfreezing: Double?
  @Option(help: "Seed of everything random. Default: 1.")
  var seed: UInt64?

  func validate() throws { try Seed.check(seed) }

  func apply(to configuration: inout TrainingConfiguration) {
    if let valid { configuration.data.valid = valid }
    if let textField { configuration.data.textField = textField }
    if let labelField { configuration.data.labelField = labelField }
    if let format { configuration.data.format = format }
    if let epochs { configuration.training.epochs = epochs }
    if let batchTokens { configuration.training.batchTokens = batchTokens }
    if let batchSize { configuration.training.batchSize = batchSize }
    if let optimizer { configuration.training.optimizer.kind = optimizer }
    if let lr { configuration.training.learningRate = lr }
    if let schedule { configuration.training.schedule = schedule }
    // What a file says of a thing that an option turns off is no mistake.
    if schedule == .oneCycle { configuration.training.warmUp = 0 }
    if let warmUp { configuration.training.warmUp = warmUp }
    if let clip { configuration.training.clip = clip }
    if let weightDecay { configuration.training.optimizer.weightDecay = weightDecay }
    if let dropout { configuration.training.dropout.readout = dropout }
    if let inputDropout { configuration.training.dropout.input = inputDropout }
    if let wordDropout { configuration.training.dropout.embeddingRows = wordDropout }
    if let classWeight { configuration.training.classWeight = classWeight }
    if let labelSmoothing { configuration.training.labelSmoothing = labelSmoothing }
    if let average { configuration.training.average = average }
    if let patience { configuration.training.patience = patience }
    if let metric { configuration.training.metric = metric }
    if let bpttWindow { configuration.training.bpttWindow = bpttWindow }
    if let precision { configuration.training.precision = precision }
    applyAdversarial(to: &configuration.training)
    if !teachers.isEmpty { configuration.data.teachers = teachers }
    let isTurnedOff = virtualAdversarial == 0 || entropy == 0
    if isTurnedOff, !configuration.training.readsUnlabelled, configuration.data.teachers.isEmpty {
      configuration.data.unlabelled = []
    }
    if !unlabelled.isEmpty { configuration.data.unlabelled = unlabelled }
    if let shards { configuration.training.shards = shards }
    if let rateFactor { configuration.training.fineTuning.factor = rateFactor }
    if let unfreezing { configuration.training.fineTuning.unfreezing = unfreezing }
    if let seed { configuration.training.seed = seed }
  }

  /// A size turns a loss on with weight 1, or the configuration's; size 0 turns it off.
  private func applyAdversarial(to training: inout TrainingOptions) {
    func weight(_ present: Double, _ size: Double) -> Double { size == 0 ? 0 : present > 0 ? present : 1 }
    if let adversarial {
      training.adversarial.epsilon = adversarial
      training.adversarial.weight = weight(training.adversarial.weight, adversarial)
    }
    if let virtualAdversarial {
      training.virtualAdversarial.epsilon = virtualAdversarial
      training.virtualAdversarial.weight = weight(training.virtualAdversarial.weight, virtualAdversarial)
    }
    if let entropy { training.entropy.weight = entropy }
    if virtualAdversarial == 0 || entropy == 0, !training.readsUnlabelled {
      training.ramp = TrainingOptions().ramp
      training.unlabelledBatchSize = 0
    }
    if let ramp { training.ramp = ramp }
    if let unlabelledBatchSize { training.unlabelledBatchSize = unlabelledBatchSize }
  }
}

extension DataFormat: ExpressibleByArgument {}
extension OptimiserKind: ExpressibleByArgument {}
extension LearningRateSchedule: ExpressibleByArgument {}
extension ClassWeighting: ExpressibleByArgument {}
extension SelectionMetric: ExpressibleByArgument {}

extension Precision: ExpressibleByArgument {
  /// The ones that can train.
  public static var allValueStrings: [String] { [Precision.float32, .bfloat16].map(\.rawValue) }
}
