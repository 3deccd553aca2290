import ArgumentParser
import ClassifierTraining
import FileAccess
import ModelPackage
import RecurrentNumerics
import SequenceClassifier

/// Puts a linear partner beside the network of a package.
struct PartnerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "partner",
    abstract: "Put a linear partner on n-grams beside a package's network.",
    discussion: """
      rnnpkg partner reviews.rnnpkg --data reviews.tsv --valid dev.tsv -o reviews-partner.rnnpkg

      The partner is a logistic regression on the n-grams of a text, weighted by naive Bayes. Its logits and the network's \
      are added with factors that are fitted on the dev data, and calibrated on it: dev data must hold no training text. \
      Prints the accuracy of the network, of the partner and of both on the dev data. A partner that the package has \
      already is replaced. Such packages need engine \(EngineVersion.oldestPartnerReader), with \
      --min-tokens above 1 engine \(EngineVersion.oldestPartnerLengthReader). `rnnpkg train --partner` does the same with a \
      new network.
      """)

  @Argument(help: "The package.", completion: .file())
  var package: String
  @Option(name: .customLong("data"), help: "A training file or folder; may be repeated.", completion: .file())
  var data: [String]
  @Option(help: "A file or folder of dev data.", completion: .file())
  var valid: String
  @Option(name: [.short, .customLong("output")], help: "The package to write.", completion: .file())
  var output: String
  @OptionGroup(title: "Partner")
  var partner: PartnerArguments
  @OptionGroup(title: "Texts of --data and --valid")
  var columns: LabelledTextArguments
  @Option(help: "Threads; results do not depend on it.")
  var threads: Int?

  func validate() throws {
    try OutputPath.check(output)
    try ThreadCount.check(threads)
    if data.isEmpty { throw ValidationError("give training texts with --data") }
  }

  func run() throws {
    var options = PartnerOptions()
    partner.apply(to: &options)
    try options.validate()
    try RereadFiles.checkStandardInput(data + [valid])
    let claim = try ClaimedOutput(output, isNoneOf: [package, valid] + data)
    defer { claim.release() }
    let loaded = try NamedPackage(package)
    let kernels = try KernelSet.selected()
    let labels = loaded.package.manifest.task.labels
    let sources = TrainingSources(files: data, dev: valid)
    var train = try columns.texts(of: data[0], labels: labels)
    for file in data.dropFirst() { train.append(try columns.texts(of: file, labels: labels)) }
    let dev = try columns.texts(of: valid, labels: labels)
    try sources.check()
    let made = try loaded.package.adding(
      options, train: train, dev: dev, devSource: .init(dev: valid, sha256: sources.devDigest),
      sources: sources.list, pool: WorkerPool(threads: threads), kernels: kernels)
    let bytes = try made.package.archiveBytes()
    try FileAccess.write(bytes, to: output)
    LostSignature.report(of: [loaded], in: output)
    print(made.partner.text)
    printResult(
      of: output,
      "\(made.package.manifest.reference), \(grouped(bytes.count)) bytes, id \(made.package.id)")
  }
}
