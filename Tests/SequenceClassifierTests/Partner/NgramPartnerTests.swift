import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import Testing
import TextEncoding

/// A partner in tensors: what it answers, and what is refused.
@Suite struct NgramPartnerTests {
  private let words = (0..<40).map { "w\($0)" }
  private static let tokenizer = WordTokenizer()

  private func keys(_ text: String, orders: Int = 3) -> [UInt64] {
    NgramKeys.keys(of: Self.tokenizer.tokenHashes(of: text), orders: orders)
  }

  /// Features of all words and of their pairs, with weights of very different size.
  private func fixture(rows: Int) -> (keys: [UInt64], weights: [[Float]], bias: [Float], tensors: [Tensor]) {
    var random = RandomStream(seed: 9)
    var keys: [UInt64] = []
    for text in words + zip(words, words.dropFirst()).map({ "\($0) \($1)" }) {
      keys.append(self.keys(text, orders: 2)[text.contains(" ") ? 1 : 0])
    }
    let weights: [[Float]] = (0..<rows).map { _ in
      keys.map { _ in
        let value = Float(random.integer(below: 2_001) - 1_000) / 1_000
        return value * value * value * 3
      }
    }
    let bias = (0..<rows).map { Float($0) / 4 - 0.3 }
    return (keys, weights, bias, NgramPartner.tensors(keys: keys, weights: weights, bias: bias))
  }

  private func manifest(features: Int, orders: Int = 2) -> Manifest.Partner {
    .init(orders: orders, features: features, stack: .init(network: 1, partner: 1, bias: [0, 0]))
  }

  @Test(arguments: [2, 3, 5])
  func logitsAreSumsOfWeightsWithinTheBoundOfRounding(_ labels: Int) throws {
    let rows = NgramPartner.rows(labelCount: labels)
    let (keys, weights, bias, tensors) = fixture(rows: rows)
    let partner = try NgramPartner(
      manifest(features: keys.count), labelCount: labels, tensors: TensorFile(tensors: tensors))
    let numbers = Dictionary(uniqueKeysWithValues: zip(keys, keys.indices))
    for text in ["w1 w2 w3", "w7 w7 w7 unknown w8 w9", "", "unknown", words.joined(separator: " ")] {
      let found = Set(self.keys(text, orders: 2)).compactMap { numbers[$0] }
      let logits = partner.logits(Self.tokenizer.tokenHashes(of: text))
      #expect(logits.count == labels)
      for row in 0..<rows {
        let exact = found.reduce(Double(bias[row])) { $0 + Double(weights[row][$1]) }
        // v is off by s/2 at most, so w = v² by s |v| + s²/4.
        let step = Double(weights[row].reduce(0) { max($0, $1.magnitude) }).squareRoot() / 127
        let bound = found.reduce(1e-5) {
          $0 + step * Double(weights[row][$1].magnitude).squareRoot() + step * step / 4
        }
        let logit = labels == 2 ? logits[1] - logits[0] : logits[row]
        #expect((Double(logit) - exact).magnitude <= bound, "\(text): \(logit), \(exact) ± \(bound)")
      }
    }
  }

  @Test func anNgramCountsOnceAndItsOrderOfWordsMatters() throws {
    let (keys, _, _, tensors) = fixture(rows: 1)
    let partner = try NgramPartner(
      manifest(features: keys.count), labelCount: 2, tensors: TensorFile(tensors: tensors))
    func features(_ text: String) -> [UInt32] { partner.features(Self.tokenizer.tokenHashes(of: text)) }
    #expect(features("w1 w1 w1 w1") == features("w1"))
    #expect(features("w1 w2").count == 3 && features("w2 w1").count == 2)
    #expect(features("nothing known here").isEmpty && features("").isEmpty)
  }

  /// Also of n-grams that lie across the places where a long text is cut for looking up.
  @Test func aLongTextHasTheFeaturesOfItsParts() throws {
    let (keys, _, _, tensors) = fixture(rows: 1)
    let partner = try NgramPartner(
      manifest(features: keys.count), labelCount: 2, tensors: TensorFile(tensors: tensors))
    let known = Self.tokenizer.tokenHashes(of: "w1 w2")
    let stranger = TokenHash.hash("stranger".utf8)
    for cut in [8_191, 8_192, 16_384, 20_000] {
      // "w1 w2" stands across the cut alone.
      var tokens = [UInt64](repeating: stranger, count: 20_002)
      tokens.replaceSubrange(cut - 1..<cut + 1, with: known)
      #expect(partner.features(tokens) == partner.features(known), "\(cut)")
    }
    let repeated = (0..<30_000).map { known[$0 % 2] }
    #expect(partner.features(repeated) == partner.features(known + known))
    #expect(partner.features(known).count == 3)
  }

  /// The bits of keys are part of the format.
  @Test func keysNeverChange() {
    #expect(TokenHash.hash("a".utf8) == 0xaf63_dc4c_8601_ec8c)
    #expect(TokenHash.hash("foobar".utf8) == 0x8594_4171_f739_67e8)
    #expect(keys("foobar a", orders: 3).count == 3 && keys("x", orders: 3).count == 1)
  }

  @Test func wordsThatAreNoFeaturesAreRarelyTakenForOnes() throws {
    let keys = (0..<4_096).map { self.keys("feature\($0)")[0] }
    let tensors = NgramPartner.tensors(
      keys: keys, weights: [keys.map { _ in 1 }], bias: [0])
    let partner = try NgramPartner(
      manifest(features: tensors[1].shape[0]), labelCount: 2, tensors: TensorFile(tensors: tensors))
    #expect(partner.featureCount >= 4_095)
    let strangers = (0..<40_000).map { TokenHash.hash("stranger\($0)".utf8) }
    // 8 in 65,536 of 80,000 n-grams: 9.8 expected, a Poisson number above 30 once in 10^7.
    #expect(partner.features(strangers).count <= 30)
  }
}
