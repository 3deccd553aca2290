import ModelPackage
import StrictJSON

/// Why a package's linear partner cannot be used.
public enum NgramPartnerError: Error, Equatable {
  case missingTensor(String)
  case tensorType(String, expected: TensorType, found: TensorType)
  case tensorShape(String, expected: [Int], found: [Int])
  /// Where a bucket of features begins: not in order, or beyond their number.
  case bucketStart(Int, found: Int)
  /// A fingerprint that is not above the one before it in its bucket.
  case unsortedKeys(feature: Int)
}

extension NgramPartnerError: CustomStringConvertible {
  /// One line: the tensor, and what is wrong with it.
  public var description: String {
    switch self {
    case .missingTensor(let name): "tensor \(EscapedText(name)) of the partner is missing"
    case .tensorType(let name, let expected, let found):
      "tensor \(EscapedText(name)) is stored as \(found.rawValue), expected \(expected.rawValue)"
    case .tensorShape(let name, let expected, let found):
      "tensor \(EscapedText(name)) has shape \(found), expected \(expected)"
    case .bucketStart(let bucket, let found):
      "partner.buckets: bucket \(bucket) starts at \(found), which is before the one before it or beyond the features"
    case .unsortedKeys(let feature):
      "partner.fingerprints: number \(feature) is not above the one before it in its bucket"
    }
  }
}
