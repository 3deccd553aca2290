import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import TextEncoding

/// Perplexity of a language model: exp of the mean −log p of each next word under the full softmax, `</s>` included.
///
/// In fp32, without dropout, in groups of `NetworkPass.windowRows` rows however long texts are. Cost:
/// 2·tokens·vocabulary·embedding floating-point operations a direction.
public struct LanguageModelEvaluator {
  private let model: LanguageModel
  private let pool: WorkerPool
  private let kernels: KernelSet
  /// Texts that run together.
  private static let batchSize = 32

  /// An evaluator that makes nothing before it is asked; it uses a thread of `pool` for each direction.
  public init(_ model: LanguageModel, pool: WorkerPool, kernels: KernelSet) {
    self.model = model
    self.pool = pool
    self.kernels = kernels
  }

  /// The perplexity of each direction; 1 where there are no texts.
  public func perplexity(_ parameters: NetworkParameters, _ texts: [[Int32]]) -> [Double] {
    perplexity(parameters, texts, shouldStop: { false }) ?? []
  }

  /// The same; nil where `shouldStop`, which is asked before every few texts, says so.
  public func perplexity(
    _ parameters: NetworkParameters, _ texts: [[Int32]], shouldStop: () -> Bool
  ) -> [Double]? {
    let order = texts.indices.sorted { (texts[$0].count, $1) > (texts[$1].count, $0) }
    let batches = stride(from: 0, to: order.count, by: LanguageModelEvaluator.batchSize).map {
      order[$0..<Swift.min($0 + LanguageModelEvaluator.batchSize, order.count)].map { texts[$0] }
    }
    let tokens = texts.reduce(0) { $0 + $1.count }
    let sums = TaskResults<Double>(model.layers.count)
    let passes = model.layers.indices.map {
      EvaluationPass(model, direction: $0, parameters, kernels: kernels)
    }
    for batch in batches {
      if shouldStop() { return nil }
      pool.run(passes.count) { sums[$0] = (sums[$0] ?? 0) + passes[$0].lossSum(batch) }
    }
    return (0..<sums.count).map { exponential((sums[$0] ?? 0) / Double(Swift.max(1, tokens))) }
  }
}

/// One direction bound for evaluation; one thread at a time uses it.
private final class EvaluationPass: @unchecked Sendable {
  private let model: LanguageModel
  private let layer: RecurrentLayer
  private let kernel: any CellKernel
  private let kernels: KernelSet
  private let projectionWeight: PackedMatrix
  private let projectionBias: [Float]
  private let outputWeight: PackedMatrix
  private let outputBias: [Float]
  private let embedding: EmbeddingTable
  private let input = Matrix()
  private let output = Matrix()
  private let z = Matrix()
  private let logits = Matrix()
  /// Rows whose logits are computed together.
  private static let rows = 48

  init(_ model: LanguageModel, direction: Int, _ parameters: NetworkParameters, kernels: KernelSet) {
    self.model = model
    self.kernels = kernels
    layer = model.layers[direction]
    kernel = layer.cell.makeKernel(for: parameters.layers[direction], kernels: kernels)
    embedding = EmbeddingTable(parameters.embedding)
    let head = direction * LanguageModel.headParameterCount
    let set = parameters.readout
    let (width, hidden, words) = (model.embeddingSize, layer.cell.outputSize, model.vocabularySize)
    projectionWeight = set.values.withUnsafeBufferPointer {
      PackedMatrix(
        transposing: $0.baseAddress.unsafelyUnwrapped + set.offsets[head], rows: width, columns: hidden,
        kernels: kernels)
    }
    projectionBias = Array(set[head + 1])
    outputWeight = parameters.embedding.values.withUnsafeBufferPointer {
      PackedMatrix(
        transposing: $0.baseAddress.unsafelyUnwrapped, rows: words, columns: width, kernels: kernels)
    }
    // What is never predicted takes no share of the probability.
    var bias = Array(set[head + 2])
    for id in [Vocabulary.padID, Vocabulary.beginID] { bias[Int(id)] = -1e30 }
    outputBias = bias
  }

  /// The sum of −log p over all tokens of some texts, longest first.
  func lossSum(_ texts: [[Int32]]) -> Double {
    let pieces = texts.indices.map {
      TextStreams.Piece(stream: $0, text: $0, start: 0, count: texts[$0].count)
    }
    let window = LanguageModelWindow(pieces, texts: texts, isReversed: layer.isReversed)
    let state = CellState(layer.cell.stateSlots, batchSize: window.layout.batchSize)
    let tape = Tape(layer.cell.stateSlots, isRecording: false)
    var sum = 0.0
    for group in Window.cover(window.layout, rows: NetworkPass.windowRows) {
      let layout = window.layout.window(group.steps)
      let first = window.layout.rowOffsets[group.steps.lowerBound]
      let rows = first..<first + layout.rows
      input.reshape(rows: layout.rows, columns: model.embeddingSize)
      embedding.copyRows(of: window.tokens[rows], into: input, kernels: kernels)
      output.reshape(rows: layout.rows, columns: layer.cell.outputSize)
      kernel.run(input, layout, state: state, output: output, tape: tape)
      sum = lossSum(window.targets[rows], after: sum)
    }
    return sum
  }

  /// Adds −log p of what follows each row of `output`.
  private func lossSum(_ targets: ArraySlice<Int32>, after start: Double) -> Double {
    let width = model.embeddingSize
    z.reshape(rows: output.rows, columns: width)
    projectionWeight.product(
      output.pointer, rows: output.rows, stride: output.columns, plus: projectionBias, into: z.pointer,
      outputStride: width)
    var sum = start
    for first in stride(from: 0, to: output.rows, by: EvaluationPass.rows) {
      let count = Swift.min(EvaluationPass.rows, output.rows - first)
      logits.reshape(rows: count, columns: model.vocabularySize)
      outputWeight.product(
        z.row(first), rows: count, stride: width, plus: outputBias, into: logits.pointer,
        outputStride: model.vocabularySize)
      for row in 0..<count {
        sum += crossEntropy(
          logits.row(row), count: model.vocabularySize,
          target: Int(targets[targets.startIndex + first + row]), kernels: kernels)
      }
    }
    return sum
  }
}
