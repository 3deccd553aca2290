import RecurrentNumerics

/// Part of a text, the unit of sampling: no window reaches over its ends.
struct TextSpan: Sendable {
  /// The most tokens of a span, so that memory stays bounded however long a text is.
  static let largest = 8192

  var text: Int32
  var start: Int32
  var count: Int32

  static func spans(of texts: [[Int32]]) -> [TextSpan] {
    texts.indices.flatMap { text in
      stride(from: 0, to: texts[text].count, by: largest).map { start in
        TextSpan(
          text: Int32(text), start: Int32(start), count: Int32(Swift.min(largest, texts[text].count - start)))
      }
    }
  }
}

/// Sub-samples texts and collects their pairs, sorted by the parts of both words, with negatives for them.
///
/// A word of relative frequency f is kept with probability √(s/f) + s/f; each kept word is then the output of the words
/// around it, up to a reach that is drawn from 1 to `window`.
final class SkipGramSampler: @unchecked Sendable {
  private let options: SkipGramOptions
  private let keepProbability: [Float]
  private let negativeSampler: NegativeSampler
  private let parts: Int
  private var kept: [Int32] = []
  /// Pairs (input, output), list `input part * parts + output part`.
  private var pairs: [[SIMD2<Int32>]]
  /// Negatives of each output part, one list after another for the input parts.
  private var negatives: [[Int32]]

  init(_ options: SkipGramOptions, counts: [Int], negativeSampler: NegativeSampler, parts: Int) {
    self.options = options
    self.negativeSampler = negativeSampler
    self.parts = parts
    let total = counts.reduce(0, +)
    keepProbability = counts.map { count in
      guard count > 0 else { return 0 }
      let ratio = options.subsampling * Double(total) / Double(count)
      return Float(ratio.squareRoot() + ratio)
    }
    pairs = Array(repeating: [], count: parts * parts)
    negatives = Array(repeating: [], count: parts)
  }

  /// Replaces what it holds by a sample of `spans`.
  func sample(
    _ spans: ArraySlice<TextSpan>, of texts: [[Int32]], _ wordParts: WordParts, random: RandomStream
  ) {
    var random = random
    for list in pairs.indices { pairs[list].removeAll(keepingCapacity: true) }
    for span in spans {
      kept.removeAll(keepingCapacity: true)
      let tokens = texts[Int(span.text)][Int(span.start)..<Int(span.start + span.count)]
      for token in tokens where random.uniform() < keepProbability[Int(token)] { kept.append(token) }
      addPairs(wordParts, &random)
    }
    drawNegatives(wordParts, &random)
  }

  private func addPairs(_ wordParts: WordParts, _ random: inout RandomStream) {
    for position in kept.indices {
      let reach = 1 + random.integer(below: options.window)
      let output = kept[position]
      let outputPart = wordParts[output]
      for neighbour in Swift.max(0, position - reach)...Swift.min(kept.count - 1, position + reach)
      where neighbour != position {
        let input = kept[neighbour]
        pairs[wordParts[input] * parts + outputPart].append(SIMD2(input, output))
      }
    }
  }

  /// Draws from all words, each draw going to its part, until every part has enough: within a part words come in
  /// proportion, and no draw is lost but a few at the end.
  private func drawNegatives(_ wordParts: WordParts, _ random: inout RandomStream) {
    var missing = (0..<parts).map { negativeCount(output: $0, inputs: 0..<parts) }
    for part in 0..<parts { negatives[part].removeAll(keepingCapacity: true) }
    var unfinished = missing.count { $0 > 0 }
    while unfinished > 0 {
      let word = negativeSampler.draw(&random)
      let part = wordParts[word]
      guard missing[part] > 0 else { continue }
      negatives[part].append(word)
      missing[part] -= 1
      if missing[part] == 0 { unfinished -= 1 }
    }
  }

  private func negativeCount(output: Int, inputs: Range<Int>) -> Int {
    inputs.reduce(0) {
      $0 + SkipGramVectors.groups(of: pairs[$1 * parts + output].count) * options.negatives
    }
  }

  /// The gradient steps of the pairs of two parts.
  func step(_ vectors: SkipGramVectors, input: Int, output: Int, rate: Float, kernels: KernelSet) {
    let start = negativeCount(output: output, inputs: 0..<input)
    let count = negativeCount(output: output, inputs: input..<input + 1)
    vectors.step(
      pairs[input * parts + output], against: negatives[output][start..<start + count],
      negatives: options.negatives, rate: rate, kernels: kernels)
  }
}
