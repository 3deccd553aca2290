import ClassifierTraining
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import Testing

@Suite struct LanguageModelPassTests {
  private let texts: [[Int32]] = [
    [4, 5, 6, 7, 8, 9, 10], [1, 5, 11, 12], [13], [6, 6, 4, 5, 1, 14, 15, 16, 17, 18], [19, 4, 5],
  ]

  private func model(_ cell: CellKind = "lstm", layers: Int = 1) throws -> LanguageModel {
    try LanguageModel(
      NetworkDescription(
        embeddingSize: 5, cell: cell, cellConfiguration: ["hidden": 7], layers: layers, direction: .both,
        initialState: .zero, readout: LastStateReadout.kind), vocabularySize: 20)
  }

  private var options: PretrainingOptions {
    var options = PretrainingOptions()
    options.streams = 3
    options.samples = 6
    return options
  }

  private var withoutDropout: PretrainingOptions {
    var options = options
    options.dropout.embeddingRows = 0
    options.dropout.input = 0
    options.dropout.weight = 0
    options.dropout.output = 0
    return options
  }

  private func windows(steps: Int) -> [[TextStreams.Piece]] {
    var streams = TextStreams(lengths: texts.map(\.count), order: Array(texts.indices), streams: 3)
    var windows: [[TextStreams.Piece]] = []
    while let pieces = streams.next(steps: steps) { windows.append(pieces) }
    return windows
  }

  private func run(_ pass: LanguageModelPass, _ parameters: NetworkParameters, _ pieces: [TextStreams.Piece])
  {
    pass.run(parameters, texts: texts, pieces: pieces, random: RandomStream(seed: 8), kernels: .best)
  }

  /// Along random directions through each parameter set; masks and negatives stay the same.
  @Test(arguments: ["lstm", "gru", "rnn"] as [CellKind], [0, 1])
  func gradientsAreTheDifferencesOfTheLoss(_ cell: CellKind, _ direction: Int) throws {
    let model = try model(cell)
    let parameters = model.makeParameters(random: RandomStream(seed: 2))
    var options = options
    options.activation = 2
    options.temporalActivation = 1
    let pieces = windows(steps: 6)
    func objective(_ parameters: NetworkParameters) -> (Double, LanguageModelPass) {
      let pass = LanguageModelPass(model, direction: direction, options: options)
      // The second window goes on from carried states, which are no part of its derivative.
      run(pass, model.makeParameters(random: RandomStream(seed: 2)), pieces[0])
      run(pass, parameters, pieces[1])
      let tokens = pieces[1].reduce(0) { $0 + $1.count }
      return (pass.lossSum / Double(tokens) + pass.penalty, pass)
    }
    let (_, pass) = objective(parameters)
    var gradients = NetworkParameters(zerosLike: parameters)
    for (index, token) in pass.embeddingGradient.tokens.enumerated() {
      for column in 0..<5 {
        gradients.embedding.values[Int(token) * 5 + column] = pass.embeddingGradient.rows[index * 5 + column]
      }
    }
    gradients.layers[direction] = pass.layerGradient
    gradients.readout = pass.headGradient
    var random = RandomStream(seed: 11)
    for set in parameters.sets.indices where set != 2 - direction {
      for _ in 0..<4 {
        let way = parameters.sets[set].values.map { _ in Float(random.normal()) }
        func moved(_ step: Float) -> Double {
          var sets = parameters.sets
          for index in way.indices { sets[set].values[index] += step * way[index] }
          var changed = parameters
          changed.sets = sets
          return objective(changed).0
        }
        let step: Float = 3e-3
        let difference = (moved(step) - moved(-step)) / Double(2 * step)
        let slope = zip(gradients.sets[set].values, way).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(difference - slope) < 3e-3 * (1 + abs(slope)), "set \(set): \(difference), \(slope)")
      }
    }
  }

  @Test(arguments: [0, 1]) func shortWindowsWithCarriedStatesGiveTheLossOfOneLongWindow(_ direction: Int)
    throws
  {
    let model = try model()
    let parameters = model.makeParameters(random: RandomStream(seed: 2))
    func total(_ steps: Int) -> Double {
      let pass = LanguageModelPass(model, direction: direction, options: withoutDropout)
      return windows(steps: steps).reduce(0) {
        run(pass, parameters, $1)
        return $0 + pass.lossSum
      }
    }
    let whole = total(100)
    for steps in [1, 2, 5] { #expect(abs(total(steps) - whole) < 1e-5 * whole) }
  }

  /// What stands above the first layer would be left out without a word.
  @Test(arguments: [0, 2]) func aLanguageModelOfOtherThanOneLayerIsRefused(_ layers: Int) {
    let error = OptionError(option: "layers", value: "\(layers)", allowed: "1 in a language model")
    #expect(throws: error) { try model(layers: layers) }
    #expect("\(error)" == "layers is \(layers); it must be 1 in a language model")
  }

  @Test func aTextKnowsNothingOfTheOneBeforeItInTheStream() throws {
    let model = try model()
    let parameters = model.makeParameters(random: RandomStream(seed: 2))
    let pass = LanguageModelPass(model, direction: 0, options: withoutDropout)
    let lone = [TextStreams.Piece(stream: 0, text: 3, start: 0, count: 10)]
    run(pass, parameters, lone)
    let fresh = pass.lossSum
    run(pass, parameters, [TextStreams.Piece(stream: 0, text: 0, start: 0, count: 7)])
    run(pass, parameters, lone)
    #expect(pass.lossSum == fresh)
  }

  /// A gradient that was shared with its reader was once copied whole in the next window, before it was set to zero.
  @Test(arguments: [0, 1]) func aWindowWorksInTheMemoryThatItGotForItsGradient(_ direction: Int) throws {
    let model = try model()
    let parameters = model.makeParameters(random: RandomStream(seed: 2))
    let pieces = windows(steps: 6)
    let pass = LanguageModelPass(model, direction: direction, options: options)
    let kept = LanguageModelPass(model, direction: direction, options: options)
    var taken = ParameterSet(pass.layerGradient.specs)
    func memory(_ set: ParameterSet) -> UnsafePointer<Float>? {
      set.values.withUnsafeBufferPointer { $0.baseAddress }
    }
    for window in pieces {
      run(pass, parameters, window)
      run(kept, parameters, window)
      let (left, given) = (memory(pass.layerGradient), memory(taken))
      pass.moveLayerGradient(to: &taken)
      #expect(taken == kept.layerGradient)
      #expect(memory(taken) == left && memory(pass.layerGradient) == given)
    }
    let mine = memory(pass.layerGradient)
    run(pass, parameters, pieces[0])
    #expect(memory(pass.layerGradient) == mine)
  }
}
