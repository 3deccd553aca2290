import ArgumentParser
import ClassifierTraining
import FileAccess
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import StrictJSON

/// Makes a smaller package of a package.
struct QuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Make a smaller package: weights as 8-bit integers or halves.",
    discussion: """
      rnnpkg quantize reviews.rnnpkg -o reviews-int8.rnnpkg
      rnnpkg quantize reviews.rnnpkg -o reviews-int8.rnnpkg --check dev.tsv --max-drop 0.002
      rnnpkg quantize reviews.rnnpkg --type f16 -o reviews-f16.rnnpkg

      int8 stores a scale for each row of a matrix and multiplies integers, which is faster too; such packages need engine \
      \(EngineVersion.oldestQuantizedReader). f16 halves what f32 stores, and answers stay the same but for that rounding.

      Vocabulary, labels, calibration and card are kept. The golden cases get the new weights' answers. Recorded figures are \
      those of the old weights and are left out: measure again with rnnpkg test --record. With --check, accuracy before and \
      after is printed, and where it drops by more than --max-drop nothing is written and the exit code is 1.
      """)

  enum Form: String, ExpressibleByArgument, CaseIterable {
    case int8, f16

    var dtype: TensorType {
      switch self {
      case .int8: .i8
      case .f16: .f16
      }
    }
  }

  @Argument(help: "The package.", completion: .file())
  var package: String
  @Option(name: [.short, .customLong("output")], help: "The package to write.", completion: .file())
  var output: String
  @Option(help: "int8 or f16.")
  var type = Form.int8
  @Option(help: "Labelled texts to measure both packages on: a file or folder.", completion: .file())
  var check: String?
  @Option(help: "The largest drop of accuracy on them, as a share. Default: 0.005.")
  var maxDrop: Double?
  @OptionGroup(title: "Texts of --check")
  var columns: LabelledTextArguments
  @Option(help: "Threads; results do not depend on it.")
  var threads: Int?

  func validate() throws {
    try OutputPath.check(output)
    try ThreadCount.check(threads)
    try columns.require("--check", isGiven: check != nil)
    guard let maxDrop else { return }
    if check == nil { throw ValidationError("--max-drop goes with --check") }
    if !(0...1).contains(maxDrop) { throw ValidationError("--max-drop must be from 0 to 1") }
  }

  func run() throws {
    let claim = try ClaimedOutput(output, isNoneOf: [package] + (check.map { [$0] } ?? []))
    defer { claim.release() }
    let loaded = try NamedPackage(package)
    let kernels = try KernelSet.selected()
    let stored: ModelPackage
    do {
      stored = try loaded.package.storing(as: type.dtype, kernels: kernels)
    } catch {
      throw PackageFailure(path: package, error: error)
    }
    if let check { try compare(loaded.classifier(), Classifier(stored, kernels: kernels), on: check) }
    let bytes = try stored.archiveBytes()
    try FileAccess.write(bytes, to: output)
    let before = try ReadableFile(opening: package).size ?? 0
    printResult(
      of: output,
      "\(stored.manifest.reference) as \(type.rawValue), \(grouped(before)) → \(grouped(bytes.count)) bytes "
        + "(\(decimals(100 * Double(bytes.count) / Double(max(before, 1)), 1)) %), id \(stored.id)")
    LostSignature.report(of: [loaded], in: output)
  }

  private func compare(_ before: Classifier, _ after: Classifier, on path: String) throws {
    let texts = try columns.texts(of: path, labels: before.labels)
    let pool = WorkerPool(threads: threads)
    let (old, new) = (try PackageTest(before, texts, pool: pool), try PackageTest(after, texts, pool: pool))
    let drop = old.report.accuracy - new.report.accuracy
    print(
      "accuracy \(decimals(old.report.accuracy, 4)) → \(decimals(new.report.accuracy, 4)) on "
        + "\(EscapedText.unquoted(FileAccess.entryName(of: path))), \(grouped(texts.count)) texts; "
        + "\(grouped(Int(old.textsPerSecond))) → \(grouped(Int(new.textsPerSecond))) texts/s")
    let limit = maxDrop ?? 0.005
    // Shares of the same texts: a difference of less than one text is rounding.
    guard drop <= limit + 1e-9 else {
      throw CheckFailure(
        description:
          "accuracy drops by \(decimals(drop, 4)), more than --max-drop \(limit); \(output) was not written")
    }
  }
}
