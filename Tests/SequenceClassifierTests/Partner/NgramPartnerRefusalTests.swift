import ModelPackage
import SequenceClassifier
import Testing
import TextEncoding

/// Partners that do not hold together are refused, each with its reason.
@Suite struct NgramPartnerRefusalTests {
  private let count = 20
  private let tensors: [Tensor]

  init() {
    let keys = (0..<UInt64(20)).map { NgramKeys.keys(of: [$0], orders: 1)[0] }
    tensors = NgramPartner.tensors(keys: keys, weights: [keys.indices.map { Float($0) - 7 }], bias: [0.5])
  }

  private func refusal(
    features: Int = 20, labels: Int = 2, _ change: (inout TensorFile) -> Void = { _ in }
  ) -> NgramPartnerError? {
    var file = TensorFile(tensors: tensors)
    change(&file)
    let manifest = Manifest.Partner(
      orders: 2, features: features, stack: .init(network: 1, partner: 1, bias: [0, 0]))
    do {
      _ = try NgramPartner(manifest, labelCount: labels, tensors: file)
      return nil
    } catch {
      return error
    }
  }

  /// Puts other bytes in a tensor.
  private func change(_ file: inout TensorFile, _ name: String, _ edit: (inout [Float]) -> Void) {
    guard let index = file.tensors.firstIndex(where: { $0.name == name }) else { return }
    var values = file.tensors[index].values
    edit(&values)
    file.tensors[index].values = values
  }

  @Test func aSoundPartnerIsTaken() { #expect(refusal() == nil) }

  @Test func tensorsThatAreMissingOrOfAnotherSizeAreRefused() {
    for tensor in tensors {
      #expect(
        refusal { file in file.tensors.removeAll { $0.name == tensor.name } } == .missingTensor(tensor.name))
    }
    // 19 features still have four buckets.
    #expect(
      refusal(features: 19) == .tensorShape("partner.fingerprints", expected: [19, 2], found: [20, 2]))
    #expect(refusal(features: 90) == .tensorShape("partner.buckets", expected: [17, 4], found: [5, 4]))
    #expect(refusal(labels: 3) == .tensorShape("partner.weights", expected: [3, 20], found: [1, 20]))
    #expect(
      refusal { file in
        for index in file.tensors.indices where file.tensors[index].name == "partner.weights" {
          file.tensors[index].dtype = .f32
        }
      } == .tensorType("partner.weights", expected: .i8, found: .f32))
  }

  /// Readers count the buckets from the features: the fewest that hold eight each.
  @Test(arguments: [(8, 1), (9, 2), (16, 2), (17, 4)]) func theFormatFixesHowManyBucketsThereAre(
    features: Int, buckets: Int
  ) {
    let keys = (0..<UInt64(features)).map { NgramKeys.keys(of: [$0], orders: 1)[0] }
    let tensors = NgramPartner.tensors(keys: keys, weights: [keys.map { _ in 1 }], bias: [0])
    #expect(tensors.first { $0.name == "partner.buckets" }?.shape == [buckets + 1, 4])
  }

  @Test func keysOutOfOrderAreRefused() {
    // A fingerprint that is repeated in its bucket: 20 features in four buckets, so that one has five.
    let error = refusal { file in
      change(&file, "partner.fingerprints") { bytes in
        for index in bytes.indices { bytes[index] = 7 }
      }
    }
    guard case .unsortedKeys? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("is not above the one before it in its bucket"))
  }

  /// All features in one bucket, in order but for one.
  @Test func theKeyOutOfOrderIsNamed() {
    let error = refusal { file in
      change(&file, "partner.buckets") { bytes in
        for bucket in 1...4 { bytes[4 * bucket] = 20 }
      }
      change(&file, "partner.fingerprints") { bytes in
        for feature in 0..<20 {
          bytes[2 * feature] = Float(feature == 7 ? 6 : feature)
          bytes[2 * feature + 1] = 0
        }
      }
    }
    #expect(error == .unsortedKeys(feature: 7))
  }

  @Test func aBucketThatBeginsBeforeTheLastIsRefused() {
    let error = refusal { file in
      change(&file, "partner.buckets") { bytes in
        bytes[4] = 5
        bytes[8] = 4
      }
    }
    #expect(error == .bucketStart(2, found: 4))
  }

  @Test func bucketsThatLeaveTheFeaturesAreRefused() {
    for (byte, value) in [(0, 1), (4 * 4, 19), (4 * 4, 21), (4 + 3, 255), (4 * 4 + 3, 1)] as [(Int, Float)] {
      let error = refusal { file in change(&file, "partner.buckets") { $0[byte] = value } }
      guard case .bucketStart? = error else {
        Issue.record("byte \(byte): \(String(describing: error))")
        continue
      }
    }
  }

  @Test func scalesThatAreNoNumbersAreRefusedByTheFile() throws {
    let bytes = try TensorFile(tensors: tensors).bytes()
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("partner.weights.scale"))
    let scale =
      try #require(tensors.first { $0.name == "partner.weights" }?.values.map(\.magnitude).max()) / 127
    let pattern = withUnsafeBytes(of: scale.bitPattern.littleEndian) { Array($0) }
    let places = bytes.indices.dropLast(4).filter { Array(bytes[$0..<$0 + 4]) == pattern }
    let place = try #require(places.last)
    for bad: Float in [.nan, .infinity, -1] {
      var file = bytes
      withUnsafeBytes(of: bad.bitPattern.littleEndian) { file.replaceSubrange(place..<place + 4, with: $0) }
      #expect(throws: TensorFileError.self, "\(bad)") { try TensorFile(parsing: file) }
    }
  }
}
