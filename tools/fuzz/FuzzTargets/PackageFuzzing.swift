import ModelPackage
import SequenceClassifier

/// Package files and their parts.
enum PackageFuzzing {
  /// What packages are asked about.
  static let texts = ["", "not bad at all", "warm dull \u{1F600} 8/10 zzqx"]

  /// Bytes that do not start as gzip does are the archive inside: its checksum would stop nearly every mutation of it.
  static func package(_ bytes: [UInt8]) -> Bool {
    let isPacked = bytes.starts(with: [0x1f, 0x8b])
    if !isPacked { promise((try? ModelPackage(bytes: bytes)) == nil, "what is no gzip data was read") }
    guard let package = try? ModelPackage(bytes: isPacked ? bytes : StoredGzip.bytes(of: bytes)) else {
      return false
    }
    let isUsed = use(package)
    guard let again = try? package.archiveBytes(), let reread = try? ModelPackage(bytes: again) else {
      fatalError("a package that was read cannot be written and read again")
    }
    promise(
      reread.vocabulary == package.vocabulary && reread.tensors == package.tensors,
      "a package changed on its way through a file")
    return isUsed
  }

  /// Loads a package and classifies with it: each text gets finite scores that sum to 1, or an error.
  /// - Returns: whether a text got scores.
  static func use(_ package: ModelPackage) -> Bool {
    guard let classifier = try? Classifier(package) else { return false }
    var isUsed = false
    for text in texts {
      guard let prediction = try? classifier.classify(text) else { continue }
      isUsed = true
      let sum = prediction.scores.reduce(0) { $0 + $1.score }
      promise(prediction.scores.allSatisfy { $0.score.isFinite && $0.score >= 0 }, "a score is no number")
      promise((sum - 1).magnitude < 1e-3, "scores sum to \(sum)")
    }
    return isUsed
  }

  static func tensors(_ bytes: [UInt8]) -> Bool {
    var isRead = false
    for limits in [TensorFileLimits.package, .stateDict, .checkpoint] {
      guard let file = try? TensorFile(parsing: bytes, limits: limits) else { continue }
      isRead = true
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
    return isRead
  }

  static func manifest(_ bytes: [UInt8]) -> Bool {
    guard let manifest = try? Manifest(parsing: bytes) else { return false }
    guard let written = try? manifest.canonicalBytes(), let again = try? Manifest(parsing: written),
      let twice = try? again.canonicalBytes()
    else { fatalError("a manifest that was read cannot be written and read again") }
    promise(written == twice, "the canonical form is not canonical")
    return true
  }

  static func checks(_ bytes: [UInt8]) -> Bool {
    guard let cases = try? GoldenCase.parse(bytes) else { return false }
    guard let written = try? GoldenCase.bytes(of: cases), let again = try? GoldenCase.parse(written) else {
      fatalError("cases that were read cannot be written and read again")
    }
    promise(again == cases, "a case changed on its way through a file")
    return true
  }

  static func signature(_ bytes: [UInt8]) -> Bool {
    let signer = try? SigningKey(pem: bytes)
    let key = try? VerifyingKey(pem: bytes)
    if let key {
      promise((try? VerifyingKey(pem: Array(key.pem.utf8))) == key, "a key changed on its way through a file")
    }
    guard let signature = try? PackageSignature(parsing: bytes) else { return signer != nil || key != nil }
    // Bytes that nobody signed.
    promise((try? signature.check(bytes, by: nil)) == nil, "a signature was made without a key")
    return true
  }
}
