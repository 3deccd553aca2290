import SequenceClassifier

/// All that pretraining needs to go on: what a checkpoint holds.
public struct PretrainingState: Sendable {
  /// Embedding, cells, and the head in place of a readout.
  public internal(set) var parameters: NetworkParameters
  package var optimiser: Optimiser
  /// Epochs done, and windows done of the epoch under way.
  public internal(set) var epoch = 0
  /// Of the epoch under way; a resumed run deals these windows out again and takes no step for them.
  public internal(set) var window = 0
  /// Of the windows of the epoch under way: sums of losses in each direction, and tokens.
  var lossSums: [Double]
  var tokens = 0
  /// Of each epoch done, in order.
  public internal(set) var history: [PretrainingEpoch] = []
  /// Wall seconds of training and evaluation, all runs together.
  public internal(set) var seconds = 0.0
  var epochSeconds = 0.0
  /// The carried states of each direction's streams, slot by slot.
  var carried: [[[Float]]] = []

  package init(_ model: LanguageModel, _ options: PretrainingOptions, parameters: NetworkParameters) {
    self.parameters = parameters
    optimiser = Optimiser(options.optimizer, zerosLike: parameters)
    lossSums = [Double](repeating: 0, count: model.layers.count)
  }
}
