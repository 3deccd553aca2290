import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// What predicts the next word from a state, in one direction: a projection to the width of the embedding, and a sampled
/// softmax over the words, whose weights are the embedding's.
///
///     z = W h + b,    logits = E z + b_words
final class LanguageModelHead {
  private let embeddingSize: Int
  private let hiddenSize: Int
  /// The first of this direction's parameters among those of both: W, b, b_words.
  private let first: Int
  private let softmax: SampledSoftmax
  private var weight: PackedMatrix?
  private var weightBackward: PackedMatrix?
  private var bias: [Float] = []
  private let z = Matrix()
  private let zGradient = Matrix()
  private let packing = Matrix()

  /// Gradients since `begin`, of both directions' parameters; the other's are zero.
  private(set) var gradient: ParameterSet
  /// Sum of the losses since `begin`, in nats.
  private(set) var lossSum = 0.0

  init(_ model: LanguageModel, direction: Int, samples: Int) {
    embeddingSize = model.embeddingSize
    hiddenSize = model.layers[direction].cell.outputSize
    first = direction * LanguageModel.headParameterCount
    softmax = SampledSoftmax(
      vocabularySize: model.vocabularySize, width: model.embeddingSize, samples: samples)
    gradient = ParameterSet(model.headSpecs)
  }

  /// Takes up parameters and draws the words of a window.
  func begin(_ parameters: NetworkParameters, random: RandomStream, kernels: KernelSet) {
    gradient.setToZero()
    lossSum = 0
    let set = parameters.readout
    set.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      let start = base + set.offsets[first]
      weight = PackedMatrix(transposing: start, rows: embeddingSize, columns: hiddenSize, kernels: kernels)
      weightBackward = PackedMatrix(start, rows: embeddingSize, columns: hiddenSize, kernels: kernels)
    }
    bias = Array(set[first + 1])
    softmax.begin(embedding: parameters.embedding, bias: set[first + 2], random: random, kernels: kernels)
  }

  /// Losses of `hidden`, `[rows, hidden]`, whose next words are `targets`, and the way back from them.
  /// - Parameters:
  ///   - scale: of each row's loss in the gradients.
  ///   - hiddenGradient: ∂L/∂h, replaced.
  ///   - embeddingGradient: added to.
  func predict(
    _ targets: ArraySlice<Int32>, from hidden: Matrix, scale: Float, _ parameters: NetworkParameters,
    gradient hiddenGradient: Matrix, embeddingGradient: EmbeddingGradient, kernels: KernelSet
  ) {
    guard let weight, let weightBackward else { return }
    let rows = hidden.rows
    z.reshape(rows: rows, columns: embeddingSize)
    weight.product(
      hidden.pointer, rows: rows, stride: hiddenSize, plus: bias, into: z.pointer, outputStride: embeddingSize
    )
    zGradient.reshape(rows: rows, columns: embeddingSize)
    let offsets = gradient.offsets
    gradient.values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      lossSum += softmax.lossSum(
        z, targets: targets, scale: scale, zGradient: zGradient, embedding: parameters.embedding,
        bias: parameters.readout[first + 2], embeddingGradient: embeddingGradient,
        biasGradient: base + offsets[first + 2], kernels: kernels)
      accumulateTransposedProduct(
        zGradient.pointer, columns: embeddingSize, stride: embeddingSize, hidden.pointer,
        columns: hiddenSize, rows: rows, into: base + offsets[first], outputStride: hiddenSize,
        packing: packing, kernels: kernels)
      kernels.addColumnSums(
        zGradient.pointer, rows: rows, columns: embeddingSize, to: base + offsets[first + 1])
    }
    hiddenGradient.reshape(rows: rows, columns: hiddenSize)
    weightBackward.product(
      zGradient.pointer, rows: rows, stride: embeddingSize, into: hiddenGradient.pointer,
      outputStride: hiddenSize, accumulating: false)
  }

  /// Adds what the window's words share.
  func finish(embeddingGradient: EmbeddingGradient, kernels: KernelSet) {
    let offset = gradient.offsets[first + 2]
    gradient.values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      softmax.finish(embeddingGradient: embeddingGradient, biasGradient: base + offset, kernels: kernels)
    }
  }
}
