import ModelPackage
import StrictJSON

/// How two packages differ in what they hold.
public struct PackageDifference: Sendable {
  /// Values that differ, in the order of the first manifest; digests of files are left out.
  public let manifest: [ManifestDifference]
  /// Tensors that differ or that one package lacks, sorted by name.
  public let tensors: [TensorDifference]
  /// Tensors that are the same to the bit.
  public let identicalTensors: Int
  /// Words that only the second vocabulary has, in its order.
  public let addedWords: [String]
  /// Words that only the first has.
  public let removedWords: [String]
  /// Words that both have, under another number.
  public let movedWords: Int
  /// Whether the package files say the same: the ids are equal.
  public let isIdentical: Bool

  /// Compares manifests, tensors and vocabularies; other files count in `isIdentical` alone.
  /// - Throws: where manifest bytes are no JSON; those of a package that was read are.
  public init(_ before: ModelPackage, _ after: ModelPackage) throws(JSONError) {
    manifest = ManifestDifference.all(
      try JSONValue(parsing: before.manifestBytes), try JSONValue(parsing: after.manifestBytes))
    (tensors, identicalTensors) = TensorDifference.all(before.tensors, after.tensors)
    let old = Self.lines(before.vocabulary)
    let new = Self.lines(after.vocabulary)
    let places = Dictionary(zip(old, old.indices)) { first, _ in first }
    let kept = Set(new)
    addedWords = new.filter { places[$0] == nil }.map(Self.text)
    removedWords = old.filter { !kept.contains($0) }.map(Self.text)
    movedWords = new.enumerated().count { index, word in places[word].map { $0 != index } ?? false }
    isIdentical = before.id == after.id
  }

  /// Lines as bytes: Swift would take composed and decomposed letters for one word.
  private static func lines(_ vocabulary: [UInt8]) -> [ArraySlice<UInt8>] {
    vocabulary.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).filter { !$0.isEmpty }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
