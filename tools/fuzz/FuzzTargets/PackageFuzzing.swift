import ModelPackage
import SequenceClassifier

/// Package files and their parts.
enum PackageFuzzing {
  static func package(_ bytes: [UInt8]) {
    guard let package = try? ModelPackage(bytes: bytes) else { return }
    use(package)
    guard let again = try? package.archiveBytes(), let reread = try? ModelPackage(bytes: again) else {
      fatalError("a package that was read cannot be written and read again")
    }
    promise(
      reread.vocabulary == package.vocabulary && reread.tensors == package.tensors,
      "a package changed on its way through a file")
  }

  /// Loads a package and classifies with it: each text gets finite scores that sum to 1, or an error.
  static func use(_ package: ModelPackage) {
    guard let classifier = try? Classifier(package) else { return }
    for text in ["", "not bad at all", "warm dull \u{1F600} 8/10 zzqx"] {
      guard let prediction = try? classifier.classify(text) else { continue }
      let sum = prediction.scores.reduce(0) { $0 + $1.score }
      promise(prediction.scores.allSatisfy { $0.score.isFinite && $0.score >= 0 }, "a score is no number")
      promise((sum - 1).magnitude < 1e-3, "scores sum to \(sum)")
    }
  }

  static func tensors(_ bytes: [UInt8]) {
    for limits in [TensorFileLimits.package, .stateDict, .checkpoint] {
      guard let file = try? TensorFile(parsing: bytes, limits: limits) else { continue }
      if limits == .package {
        promise(
          file.tensors.allSatisfy { $0.values.allSatisfy(\.isFinite) }, "a number that is none was accepted")
      }
      guard let written = try? file.bytes(limits: limits),
        let again = try? TensorFile(parsing: written, limits: limits)
      else {
        promise(limits == .stateDict, "tensors that were read cannot be written and read again")
        continue
      }
      promise(
        again.tensors.map(\.name) == file.tensors.map(\.name)
          && zip(again.tensors, file.tensors).allSatisfy { one, other in
            one.shape == other.shape
              && one.values.elementsEqual(other.values) { $0.bitPattern == $1.bitPattern }
          }, "tensors changed on their way through a file")
    }
  }

  static func manifest(_ bytes: [UInt8]) {
    guard let manifest = try? Manifest(parsing: bytes) else { return }
    guard let written = try? manifest.canonicalBytes(), let again = try? Manifest(parsing: written),
      let twice = try? again.canonicalBytes()
    else { fatalError("a manifest that was read cannot be written and read again") }
    promise(written == twice, "the canonical form is not canonical")
  }

  static func signature(_ bytes: [UInt8]) {
    _ = try? SigningKey(pem: bytes)
    if let key = try? VerifyingKey(pem: bytes) {
      promise((try? VerifyingKey(pem: Array(key.pem.utf8))) == key, "a key changed on its way through a file")
    }
    guard let signature = try? PackageSignature(parsing: bytes) else { return }
    // Bytes that nobody signed.
    promise((try? signature.check(bytes, by: nil)) == nil, "a signature was made without a key")
  }
}
