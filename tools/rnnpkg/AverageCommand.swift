import ArgumentParser
import ClassifierTraining
import FileAccess
import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import StrictJSON

/// Makes one package of the mean weights of several.
struct AverageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "average",
    abstract: "Make a package whose weights are the mean of packages'.",
    discussion: """
      rnnpkg average tuned.rnnpkg start.rnnpkg --valid dev.tsv -o reviews.rnnpkg
      rnnpkg average tuned.rnnpkg start.rnnpkg --shares 0.7,0.3 --valid dev.tsv -o reviews.rnnpkg

      For packages of one shape and one start: a fine-tuned package and what it started from, or several fine-tuned from the \
      same. The mean keeps most of what was learnt anew and loses less of what was known; it is as fast as one of them. \
      Networks that were trained apart have no useful mean.

      Vocabulary, name and card are the first package's; a word's vector is the mean over the packages that know it. \
      Partners stay behind: rnnpkg partner puts one beside the outcome. Temperatures are averaged too, but for those that were \
      fitted with a partner. With --valid the outcome is calibrated on dev data, \
      and the accuracy of each package and of the mean is printed.
      """)

  @Argument(help: "The packages, two or more.", completion: .file())
  var packages: [String]
  @Option(help: "What each counts, such as 0.7,0.3. Default: all the same.")
  var shares: String?
  @Option(help: "A file or folder of dev data, which holds no training text.", completion: .file())
  var valid: String?
  @Option(name: [.short, .customLong("output")], help: "The package to write.", completion: .file())
  var output: String
  @OptionGroup(title: "Texts of --valid")
  var columns: LabelledTextArguments
  @Option(help: "Threads; results do not depend on it.")
  var threads: Int?

  func validate() throws {
    try OutputPath.check(output)
    try ThreadCount.check(threads)
    if packages.count < 2 { throw ValidationError("an average is of two packages or more") }
    try columns.require("--valid", isGiven: valid != nil)
    _ = try numbers()
  }

  /// A share for each package.
  private func numbers() throws -> [Double] {
    guard let shares else { return packages.map { _ in 1 } }
    let found = shares.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    guard found.allSatisfy(ModelPackage.Part.shares.contains) else {
      throw ValidationError(
        "--shares wants numbers from 0.000001 to 1000000, such as 0.7,0.3, not \"\(EscapedText.unquoted(shares))\""
      )
    }
    guard found.count == packages.count else {
      throw ValidationError("--shares has \(found.count) numbers for \(packages.count) packages")
    }
    return found
  }

  func run() throws {
    let claim = try ClaimedOutput(output, isNoneOf: packages + (valid.map { [$0] } ?? []))
    defer { claim.release() }
    let kernels = try KernelSet.selected()
    let loaded = try packages.map { try NamedPackage($0) }
    let dev = try valid.map { path in
      let sources = TrainingSources(files: [], dev: path)
      let texts = try columns.texts(of: path, labels: loaded[0].package.manifest.task.labels)
      try sources.check()
      return (
        texts: texts, source: Manifest.DataSource(dev: path, sha256: sources.devDigest)
      )
    }
    let pool = WorkerPool(threads: threads)
    let parts = zip(loaded, try numbers()).map { ModelPackage.Part($0.package, share: $1) }
    let made: (package: ModelPackage, report: ClassificationReport?)
    do {
      made = try ModelPackage.average(of: parts, dev: dev, pool: pool, kernels: kernels)
    } catch AveragingError.unusable(let number, let error) {
      throw PackageFailure(path: packages[number - 1], error: error)
    } catch let error as AveragingError {
      guard case .different(let number, _, _, _) = error else { throw error }
      throw PackageFailure(path: packages[number - 1], error: error)
    }
    let bytes = try made.package.archiveBytes()
    if let dev, let report = made.report {
      for package in loaded {
        let found = try PackageTest(package.classifier(), dev.texts, pool: pool).report
        printResult(
          of: package.path,
          "dev accuracy \(decimals(found.accuracy, 4)), log loss \(decimals(found.logLoss, 4))")
      }
      print("the mean: dev accuracy \(decimals(report.accuracy, 4)), log loss \(decimals(report.logLoss, 4))")
    }
    try FileAccess.write(bytes, to: output)
    printResult(
      of: output,
      "\(made.package.manifest.reference), \(grouped(bytes.count)) bytes, id \(made.package.id)")
    reportPartners(of: loaded)
    LostSignature.report(of: loaded, in: output)
  }

  /// Says on standard error that partners were left out, and what puts that right.
  private func reportPartners(of packages: [NamedPackage]) {
    let paths = packages.filter { $0.package.manifest.model.partner != nil }.map(\.path)
    guard !paths.isEmpty else { return }
    let temperature =
      valid == nil ? ", and the temperature that was fitted with it; calibrate with --valid, or" : ";"
    Report.line(
      "rnnpkg: \(output): the partner of \(paths.joined(separator: ", ")) was left out\(temperature) put one beside it "
        + "with rnnpkg partner")
  }
}
