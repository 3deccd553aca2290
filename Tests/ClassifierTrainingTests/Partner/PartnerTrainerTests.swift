import ClassifierTraining
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import Testing
import TextEncoding

/// A linear partner from texts to tensors, and its place beside a network.
@Suite struct PartnerTrainerTests {
  private func data(_ count: Int, labels: Int) -> (texts: [String], targets: [Int]) {
    var random = RandomStream(seed: 5)
    var (texts, targets): ([String], [Int]) = ([], [])
    for _ in 0..<count {
      let label = random.integer(below: labels)
      let words = (0..<12).map { _ in
        random.integer(below: 3) == 0
          ? "label\(label)word\(random.integer(below: 5))" : "w\(random.integer(below: 40))"
      }
      texts.append(words.joined(separator: " "))
      targets.append(label)
    }
    return (texts, targets)
  }

  private func train(
    _ options: PartnerOptions = PartnerOptions(), count: Int = 300, labels: Int = 2, threads: Int = 2
  ) throws -> (partner: TrainedPartner, texts: [String], targets: [Int]) {
    let (texts, targets) = data(count, labels: labels)
    let trainer = PartnerTrainer(options, tokenizer: WordTokenizer(), pool: WorkerPool(threads: threads))
    return (try trainer.train(texts, targets: targets, labelCount: labels), texts, targets)
  }

  @Test(arguments: [2, 3, 5])
  func itLearnsWhichWordsGoWithWhichLabel(_ labels: Int) throws {
    let (partner, texts, targets) = try train(labels: labels)
    let logits = partner.logits(texts, pool: WorkerPool(threads: 2))
    #expect(logits.allSatisfy { $0.count == labels })
    let right = zip(logits, targets).count { $0.firstIndex(of: $0.max() ?? 0) == $1 }
    #expect(right >= texts.count * 97 / 100, "\(right) of \(texts.count)")
  }

  @Test(arguments: [2, 3])
  func threadsChangeNoBit(_ labels: Int) throws {
    let one = try train(labels: labels, threads: 1).partner
    let two = try train(labels: labels, threads: 2).partner
    #expect(one.tensors == two.tensors)
  }

  @Test func bytesAreHeldToTheirLimit() throws {
    var options = PartnerOptions()
    let whole = try train(options).partner
    options.maxBytes = 2_048
    let (small, texts, targets) = try train(options)
    #expect(whole.byteCount > 3_000 && whole.model.featureCount == whole.candidates)
    #expect(small.byteCount <= 2_048 && small.byteCount > 1_600, "\(small.byteCount)")
    #expect(small.candidates == whole.candidates)
    #expect(small.tensors.reduce(0) { $0 + $1.count * $1.dtype.byteWidth } <= small.byteCount)
    let right = zip(small.logits(texts, pool: WorkerPool(threads: 1)), targets).count {
      ($0[1] > $0[0]) == ($1 == 1)
    }
    #expect(right >= texts.count * 95 / 100, "the n-grams that matter are kept: \(right)")
  }

  /// The largest effects are found row by row; it is to the bit what the weights of all rows at once give.
  @Test(arguments: [2, 5])
  func theNgramsThatAreKeptHaveTheLargestEffectOnAnyLabel(_ labels: Int) throws {
    var options = PartnerOptions()
    options.maxBytes = 2_048
    let (partner, texts, targets) = try train(options, labels: labels)

    let pool = WorkerPool(threads: 1)
    let all = NgramMatrix(
      texts, tokenizer: WordTokenizer(), orders: options.orders, minimumDocuments: options.minDocuments,
      pool: pool)
    let rows = NgramPartner.rows(labelCount: labels)
    func fits(_ matrix: NgramMatrix) -> [(weights: [Double], bias: Double)] {
      (0..<rows).map { row in
        let loss = LogisticLoss(
          matrix, targets: targets.map { $0 == (rows == 1 ? 1 : row) }, l2: options.l2, pool: pool)
        let point = LimitedMemoryBFGS().minimise(
          from: [Double](repeating: 0, count: matrix.featureCount + 1), loss.callAsFunction
        ).point
        return (zip(point, loss.ratios).map { $0 * $1 }, point[matrix.featureCount])
      }
    }
    let first = fits(all)
    let effects = all.keys.indices.map { feature in
      let documents = Double(all.columnStarts[feature + 1] - all.columnStarts[feature])
      return (first.map { $0.weights[feature].magnitude }.max() ?? 0) * documents.squareRoot()
    }
    let limit = try #require(
      all.keys.indices.last { NgramPartner.byteCount(features: $0, rows: rows) <= options.maxBytes })
    let kept = all.keys.indices.sorted { (effects[$1], $0) < (effects[$0], $1) }.prefix(limit).sorted()
    let whole = NgramPartner.byteCount(features: all.featureCount, rows: rows)
    #expect(whole > options.maxBytes, "the bytes must leave some out for this to show anything")
    let numbers = [Int: UInt32](uniqueKeysWithValues: zip(kept, 0...))
    let matrix = NgramMatrix(
      keys: kept.map { all.keys[$0] },
      rows: (0..<all.rowCount).map { row in
        all.columns[all.rowStarts[row]..<all.rowStarts[row + 1]].compactMap { numbers[Int($0)] }
      })
    let second = fits(matrix)
    let expected = NgramPartner.tensors(
      keys: matrix.keys, weights: second.map { $0.weights.map { Float($0) } },
      bias: second.map { Float($0.bias) })
    #expect(partner.tensors == expected && partner.candidates == all.featureCount)
  }

  @Test func textsWithoutAnythingInCommonGiveNoPartner() {
    let trainer = PartnerTrainer(PartnerOptions(), tokenizer: WordTokenizer(), pool: WorkerPool(threads: 1))
    #expect(throws: PartnerError.noFeatures(minDocuments: 2)) {
      try trainer.train(["one", "two", ""], targets: [0, 1, 1], labelCount: 2)
    }
  }

  @Test func valuesThatMakeNoPartnerAreRefused() {
    for (change, option) in [
      ({ $0.orders = 0 }, "orders"), ({ $0.orders = 6 }, "orders"), ({ $0.maxBytes = 10 }, "max-bytes"),
      ({ $0.l2 = 0 }, "l2"), ({ $0.l2 = .nan }, "l2"), ({ $0.minDocuments = 0 }, "min-documents"),
      ({ $0.minTokens = 0 }, "min-tokens"), ({ $0.minTokens = (1 << 30) + 1 }, "min-tokens"),
    ] as [((inout PartnerOptions) -> Void, String)] {
      var options = PartnerOptions()
      change(&options)
      do {
        try options.validate()
        Issue.record("\(option) was taken")
      } catch {
        #expect(error.option == "partner.\(option)")
      }
    }
  }

  @Test func theStackTrustsWhoeverIsRight() {
    let labels = (0..<200).map { $0 % 2 }
    let right: [[Float]] = labels.map { $0 == 1 ? [-1, 1] : [1, -1] }
    var random = RandomStream(seed: 2)
    let noise: [[Float]] = labels.map { _ in
      let z = Float(random.integer(below: 201)) / 100 - 1
      return [-z, z]
    }
    let lengths = labels.indices.map { 1 + $0 % 7 }
    let network = StackFit.fit(network: right, partner: noise, idCounts: lengths, labels: labels)
    func factors(_ stack: Manifest.Partner.Stack) -> (network: Double, partner: Double) {
      LogitStack(stack).factors(idCount: 4)
    }
    #expect(factors(network).network > 2 && factors(network).partner.magnitude < 0.8, "\(network)")
    let partner = StackFit.fit(network: noise, partner: right, idCounts: lengths, labels: labels)
    #expect(factors(partner).partner > 2 && factors(partner).network.magnitude < 0.8, "\(partner)")
    // One label is always the other's bias.
    let biased = StackFit.fit(
      network: noise, partner: noise, idCounts: lengths, labels: [Int](repeating: 1, count: 200))
    #expect(biased.bias[1] > 1 && biased.bias[0] < -1)
  }

  /// Of one size for all texts, for the label or against it.
  private func logits(_ labels: [Int], isRight: (Int) -> Bool) -> [[Float]] {
    labels.indices.map { index in
      let z: Float = isRight(index) == (labels[index] == 1) ? 1 : -1
      return [-z, z]
    }
  }

  /// A network that is right about short texts, a partner that is right about long ones.
  @Test func theStackTrustsEachWithTextsOfItsLength() {
    let labels = (0..<400).map { $0 % 2 }
    let lengths = labels.indices.map { $0 % 4 < 2 ? 5 : 400 }
    let network = logits(labels) { lengths[$0] == 5 || $0 % 8 < 4 }
    let partner = logits(labels) { lengths[$0] == 400 || $0 % 8 < 4 }
    let stack = StackFit.fit(network: network, partner: partner, idCounts: lengths, labels: labels)
    let (short, long) = (LogitStack(stack).factors(idCount: 5), LogitStack(stack).factors(idCount: 400))
    #expect(short.network > 1.5 && short.network > 2 * short.partner.magnitude, "\(short)")
    #expect(long.partner > 1.5 && long.partner > 2 * long.network.magnitude, "\(long)")
    for (index, row) in stack.combined(network, partner, idCounts: lengths).enumerated() {
      #expect((row[1] > row[0]) == (labels[index] == 1))
    }
  }

  @Test func aStackWithoutLengthsIsTheSameForAllTexts() {
    let stack = Manifest.Partner.Stack(network: 0.5, partner: 2, bias: [0.25, -1])
    #expect(LogitStack(stack).combined([1, -2], [3, 4], idCount: 1) == [6.75, 6])
    #expect(LogitStack(stack).combined([1, -2], [3, 4], idCount: 1_000) == [6.75, 6])
    var sloped = stack
    sloped.networkByLength = -0.5
    sloped.partnerByLength = 1
    // ln 1 = 0.
    #expect(LogitStack(sloped).combined([1, -2], [3, 4], idCount: 1) == [6.75, 6])
    #expect(LogitStack(sloped).combined([1, -2], [3, 4], idCount: 3).map { $0.rounded(.down) } == [9, 11])
  }

  /// Right about long texts, wrong about short ones, which no line in the logarithm of the length leaves alone.
  @Test func aPartnerHasNoSayInTextsShorterThanItsLeast() {
    let labels = (0..<400).map { $0 % 2 }
    let lengths = labels.indices.map { $0 % 4 < 2 ? 29 : 30 }
    let network = logits(labels) { lengths[$0] == 29 || $0 % 8 < 4 }
    let partner = logits(labels) { lengths[$0] == 30 }
    let stack = StackFit.fit(
      network: network, partner: partner, idCounts: lengths, labels: labels, minLength: 30)
    #expect(stack.partnerMinLength == 30)
    #expect(LogitStack(stack).factors(idCount: 29).partner == 0)
    #expect(LogitStack(stack).factors(idCount: 30).partner > 2)
    #expect(LogitStack(stack).combined([1, -2], [900, -900], idCount: 29)[0] < 10)
    for (index, row) in stack.combined(network, partner, idCounts: lengths).enumerated() {
      #expect((row[1] > row[0]) == (labels[index] == 1))
    }
    // What the short texts' partner says changes no bit of the stack.
    let other = partner.indices.map { lengths[$0] == 29 ? [Float(7), 3] : partner[$0] }
    let again = StackFit.fit(
      network: network, partner: other, idCounts: lengths, labels: labels, minLength: 30)
    #expect(again == stack)
    // Nor do the labels of short texts move the bias, where the network knows nothing of them.
    let blank = [[Float]](repeating: [0, 0], count: 300)
    let more = StackFit.fit(
      network: network + blank, partner: partner + blank, idCounts: lengths + blank.map { _ in 29 },
      labels: labels + blank.map { _ in 1 }, minLength: 30)
    #expect((more.bias[1] - stack.bias[1]).magnitude < 1e-6, "\(more.bias) and \(stack.bias)")
    let loud = StackFit.fit(
      network: network + blank, partner: partner + blank, idCounts: lengths + blank.map { _ in 30 },
      labels: labels + blank.map { _ in 1 }, minLength: 30)
    #expect(loud.bias[1] > 0.5, "as they do in long ones: \(loud.bias)")
    let whole = StackFit.fit(
      network: network, partner: partner, idCounts: lengths, labels: labels, minLength: 1)
    #expect(whole.partnerMinLength == nil)
    #expect(whole == StackFit.fit(network: network, partner: partner, idCounts: lengths, labels: labels))
  }

  /// A line fitted on short texts leads below 0 for long ones: there it counts nothing, rather than the other way round.
  @Test func noFactorTurnsAnswersRound() {
    var stack = Manifest.Partner.Stack(network: 1, partner: 2, bias: [0, 0.5])
    stack.partnerByLength = -1
    // ln 8 is above 2.
    #expect(LogitStack(stack).factors(idCount: 8) == (1, 0))
    #expect(LogitStack(stack).combined([1, -2], [30, -40], idCount: 8) == [1, -1.5])
    stack.networkByLength = -1
    #expect(LogitStack(stack).factors(idCount: 1) == (1, 2))
    #expect(LogitStack(stack).factors(idCount: 100_000_000) == (0, 0))
  }
}
