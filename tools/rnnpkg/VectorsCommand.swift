import ArgumentParser
import ClassifierTraining
import FileAccess
import ModelPackage
import RecurrentNumerics
import TextEncoding

/// Trains word vectors on plain text.
struct VectorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vectors",
    abstract: "Train word vectors on text without labels.",
    discussion: """
      rnnpkg vectors unlabelled.txt.gz -o words.vec
      rnnpkg train reviews.tsv --vectors words.vec -o reviews.rnnpkg

      Skip-gram with negative sampling. The same texts and seed give the same vectors on any number of threads; up to 8 \
      are kept busy. Files: a text a line, any format that `train` reads, or a folder of plain texts.
      """)

  @Argument(help: "Text files, or folders of plain texts.", completion: .file())
  var data: [String]
  @Option(name: [.short, .customLong("output")], help: "The file of vectors to write.", completion: .file())
  var output: String
  @Option(help: "Width of a vector.")
  var dimension = 128
  @Option(help: "Most words to either side.")
  var window = 5
  @Option(help: "Words drawn against each true neighbour, at most \(SkipGramOptions.largestNegatives).")
  var negatives = 5
  @Option(help: "Passes over the texts.")
  var epochs = 12
  @Option(help: "First learning rate; it falls to 0.")
  var lr = 0.05
  @Option(help: "Times a word must occur.")
  var minCount = 5
  @Option(help: "Most words, the special ones included; 0 for no limit.")
  var vocabularySize = 50_000
  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 1
  @Option(help: "Threads; results do not depend on it.")
  var threads: Int?
  @Option(help: "The column or key of the text.")
  var textField = "text"
  @Option(help: "How files of texts are written; auto goes by each file's ending.")
  var format = DataFormat.auto
  @Flag(name: .shortAndLong, help: "No progress on standard error.")
  var quiet = false

  func validate() throws {
    try OutputPath.check(output)
    guard (1...Manifest.Limits.width).contains(dimension) else {
      throw ValidationError("--dimension must be from 1 to \(Manifest.Limits.width)")
    }
    guard (1...1000).contains(window) else { throw ValidationError("--window must be from 1 to 1000") }
    guard (1...100_000).contains(epochs) else { throw ValidationError("--epochs must be from 1 to 100000") }
    guard negatives >= 1, minCount >= 1 else {
      throw ValidationError("--negatives and --min-count must be 1 or more")
    }
    guard negatives <= SkipGramOptions.largestNegatives else {
      throw ValidationError("--negatives must be at most \(SkipGramOptions.largestNegatives)")
    }
    try ThreadCount.check(threads)
    try Seed.check(seed)
    guard vocabularySize == 0 || vocabularySize > Vocabulary.specialTokens.count else {
      throw ValidationError("--vocabulary-size must be 0 for no limit, or 5 or more")
    }
    guard lr > 0, lr <= 10 else { throw ValidationError("--lr must be above 0 and at most 10") }
  }

  func run() throws {
    try RereadFiles.check(data)
    let claim = try ClaimedOutput(output, isNoneOf: data)
    defer { claim.release() }
    let kernels = try KernelSet.selected()
    let display = ProgressDisplay(isQuiet: quiet)
    let tokenizer = WordTokenizer()
    var builder = VocabularyBuilder(tokenizer: tokenizer)
    try forEachText { builder.add($0) }
    let vocabulary = try builder.makeVocabulary(minimumCount: minCount, limit: vocabularySize)
    let encoder = TextEncoder(tokenizer: tokenizer, vocabulary: vocabulary)
    var counts = [Int](repeating: 0, count: vocabulary.count)
    var texts: [[Int32]] = []
    try forEachText { text in
      // Unknown words are left out, so that their neighbours move together.
      let ids = encoder.encode(text).ids.filter { Int($0) >= Vocabulary.specialTokens.count }
      for id in ids { counts[Int(id)] += 1 }
      texts.append(ids)
    }
    let tokens = counts.reduce(0, +)
    guard tokens > 0 else {
      throw BadInput(
        path: data.joined(separator: ", "),
        reason: "no word stands in it \(minCount) times; give more text or a smaller --min-count")
    }
    let words = grouped(vocabulary.count - Vocabulary.specialTokens.count)
    display.note("\(grouped(texts.count)) texts, \(grouped(tokens)) tokens, \(words) words")
    let options = SkipGramOptions(
      dimension: dimension, window: window, negatives: negatives, epochs: epochs, learningRate: lr, seed: seed
    )
    let stop = StopSignals()
    let clock = ContinuousClock()
    var lastNote = clock.now
    let trainer = SkipGramTrainer(
      options, counts: counts, pool: WorkerPool(threads: threads), kernels: kernels)
    let trained = trainer.train(texts) { share, rate in
      if clock.now - lastNote > .seconds(20) {
        lastNote = clock.now
        display.note(
          "\(decimals(share * 100, 1)) %  \(grouped(Int(rate))) tokens/s  "
            + "\(duration((1 - share) * Double(tokens * epochs) / rate)) left")
      }
      return stop.received == nil
    }
    guard let trained else {
      Report.line("rnnpkg: stopped; no vectors were written")
      throw Interrupted(signal: stop.received ?? 2)
    }
    guard trained.allSatisfy(\.isFinite) else { throw TrainingError.vectorsNotFinite(learningRate: lr) }
    try FileAccess.write(
      Array(VectorFile.text(trained, vocabulary: vocabulary, dimension: dimension).utf8), to: output)
    display.note("wrote \(output)")
  }

  private func forEachText(_ body: (String) -> Void) throws {
    try UnlabelledTexts.forEach(in: data, textField: textField, format: format.recordFormat, body)
  }
}
