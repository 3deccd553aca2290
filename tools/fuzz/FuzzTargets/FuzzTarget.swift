import FileAccess
import ModelPackage

/// A reader of bytes from strangers, as a fuzzer drives it: any bytes go in, and it refuses them or what it made of them
/// keeps its promises. A trap, a leak, a time-out and a broken promise are findings.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// A whole package file: read, loaded and used.
  case package
  /// One member of a sound package: the archive made anew around it, with the right digests, then read, loaded and used.
  case members
  /// `weights.safetensors`.
  case tensors
  /// `manifest.json`.
  case manifest
  /// `vocabulary.txt`.
  case vocabulary
  /// `checks.jsonl`.
  case checks
  /// `manifest.sig` and key files.
  case signature
  /// A text to tokens and ids.
  case tokenizer
  /// CSV and TSV.
  case tables
  /// JSON Lines, fastText lines, plain lines and NUL-separated texts.
  case records
  /// A JSON document.
  case json
  /// A training checkpoint.
  case checkpoint
  /// A language model file.
  case languageModel = "language-model"

  /// Takes one input.
  /// - Returns: whether it was accepted, so that all promises were put to the test.
  @discardableResult
  public func run(_ bytes: [UInt8]) -> Bool {
    switch self {
    case .package: PackageFuzzing.package(bytes)
    case .members: MemberFuzzing.member(bytes)
    case .tensors: PackageFuzzing.tensors(bytes)
    case .manifest: PackageFuzzing.manifest(bytes)
    case .vocabulary: TextFuzzing.vocabulary(bytes)
    case .checks: PackageFuzzing.checks(bytes)
    case .signature: PackageFuzzing.signature(bytes)
    case .tokenizer: TextFuzzing.tokenizer(bytes)
    case .tables: RecordFuzzing.tables(bytes)
    case .records: RecordFuzzing.records(bytes)
    case .json: TextFuzzing.json(bytes)
    case .checkpoint: TrainingFuzzing.checkpoint(bytes)
    case .languageModel: TrainingFuzzing.languageModel(bytes)
    }
  }

  /// Inputs that this target makes itself, each accepted; others come from the programs' own files.
  public func seeds() throws -> [[UInt8]] {
    switch self {
    case .package: try SoundPackage.all.map { try ModelPackage.archiveBytes(of: $0.files) }
    case .members: MemberFuzzing.seeds
    case .manifest: SoundPackage.all.map { $0.files[0].bytes }
    case .checkpoint: [try TrainingFuzzing.checkpointSeed()]
    default: []
    }
  }

  /// Writes them into a folder of the target's name, which is there.
  public func writeSeeds(in folder: String) throws {
    for (number, seed) in try seeds().enumerated() {
      try FileAccess.write(seed, to: "\(folder)/\(rawValue)/sound-\(number)")
    }
  }
}

/// A promise about what a reader accepted. Ends the process, in release builds too.
func promise(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}
