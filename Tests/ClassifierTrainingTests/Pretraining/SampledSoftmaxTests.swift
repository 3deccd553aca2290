import ClassifierTraining
import Foundation
import RecurrentNumerics
import SequenceClassifier
import Testing

@Suite struct SampledSoftmaxTests {
  private let words = 40
  private let width = 6
  private let embedding: ParameterSet
  private let bias: [Float]
  private let z: Matrix
  private let targets: [Int32] = [4, 7, 1, 4, 39, 3]

  init() {
    var random = RandomStream(seed: 5)
    func values(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.normal()) } }
    embedding = ParameterSet(
      [ParameterSpec("weight", shape: [words, width], initialiser: .zeros)], values: [values(words * width)])
    bias = values(words)
    z = Matrix(rows: targets.count, columns: width, values: values(targets.count * width))
  }

  private struct Result {
    var loss: Double
    var z: [Float]
    var embedding: [Float]
    var bias: [Float]
    var negatives: [Int32]
    var draws: Int
  }

  private func run(_ z: Matrix, _ embedding: ParameterSet, _ bias: [Float], seed: UInt64 = 1) -> Result {
    let softmax = SampledSoftmax(vocabularySize: words, width: width, samples: 10)
    let gradient = EmbeddingGradient(vocabularySize: words, width: width)
    var biasGradient = [Float](repeating: 0, count: words)
    let zGradient = Matrix(rows: z.rows, columns: width)
    var loss = 0.0
    biasGradient.withUnsafeMutableBufferPointer { biasGradient in
      guard let base = biasGradient.baseAddress else { return }
      softmax.begin(embedding: embedding, bias: bias[...], random: RandomStream(seed: seed), kernels: .best)
      loss = softmax.lossSum(
        z, targets: targets[...], scale: 1, zGradient: zGradient, embedding: embedding, bias: bias[...],
        embeddingGradient: gradient, biasGradient: base, kernels: .best)
      softmax.finish(embeddingGradient: gradient, biasGradient: base, kernels: .best)
    }
    var dense = [Float](repeating: 0, count: words * width)
    for (index, token) in gradient.tokens.enumerated() {
      for column in 0..<width { dense[Int(token) * width + column] = gradient.rows[index * width + column] }
    }
    return Result(
      loss: loss, z: zGradient.values, embedding: dense, bias: biasGradient, negatives: softmax.ids,
      draws: softmax.draws)
  }

  /// The definition in Double, for given negatives.
  private func reference(_ negatives: [Int32], draws: Int) -> Double {
    let sampler = LogUniformSampler(vocabularySize: words)
    func logit(_ row: Int, _ word: Int32) -> Double {
      let dot = (0..<width).reduce(0.0) {
        $0 + Double(z[row, $1]) * Double(embedding.values[Int(word) * width + $1])
      }
      return dot + Double(bias[Int(word)]) - Double(sampler.logExpectedCount(word, draws: draws))
    }
    return targets.enumerated().reduce(0) { sum, item in
      let (row, target) = item
      let others = negatives.filter { $0 != target }.map { exp(logit(row, $0)) }.reduce(0, +)
      return sum + log(exp(logit(row, target)) + others) - logit(row, target)
    }
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func theLossIsThatOfTheDefinition(_ seed: UInt64) {
    let result = run(z, embedding, bias, seed: seed)
    #expect(result.negatives.count == 10)
    let expected = reference(result.negatives, draws: result.draws)
    #expect(abs(result.loss - expected) < 1e-5 * expected)
  }

  @Test func gradientsAreTheDifferencesOfTheLoss() {
    let result = run(z, embedding, bias)
    let step: Float = 1e-2
    func check(_ found: Float, _ change: (Float) -> Double, _ what: String) {
      let difference = (change(step) - change(-step)) / Double(2 * step)
      #expect(abs(difference - Double(found)) < 2e-3 * (1 + abs(difference)), "\(what)")
    }
    for index in 0..<z.count {
      check(
        result.z[index],
        { delta in
          var values = z.values
          values[index] += delta
          return run(Matrix(rows: z.rows, columns: width, values: values), embedding, bias).loss
        }, "z \(index)")
    }
    for index in stride(from: 0, to: words * width, by: 5) {
      check(
        result.embedding[index],
        { delta in
          var changed = embedding
          changed.values[index] += delta
          return run(z, changed, bias).loss
        }, "embedding \(index)")
    }
    for index in 0..<words {
      check(
        result.bias[index],
        { delta in
          var changed = bias
          changed[index] += delta
          return run(z, embedding, changed).loss
        }, "bias \(index)")
    }
  }
}
