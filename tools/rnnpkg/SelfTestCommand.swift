import ArgumentParser
import ClassifierTraining
import ModelPackage
import RecurrentNumerics
import StrictJSON

/// Shows on this machine that what is promised holds.
struct SelfTestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Show on this machine that kernels agree, and that neither batches nor threads change a bit.",
    discussion: """
      rnnpkg selftest
      rnnpkg selftest reviews.rnnpkg
      rnnpkg selftest --determinism

      For every cell: each instruction set gives the answers of the plain loops, within a tolerance; a text gets the same bits \
      alone, in any batch and on any number of threads; training gives the same weights on any number of threads, and when it \
      is stopped and gone on with. Of packages, that they have golden cases, and these too. Ends with code 1 where something does \
      not hold.
      """)

  @Argument(help: "Packages to test as well.", completion: .file())
  var packages: [String] = []
  @Flag(help: "Leave out that instruction sets agree: check batches, threads and stops alone.")
  var determinism = false
  @Flag(name: .shortAndLong, help: "Print what fails only.")
  var quiet = false

  func run() throws {
    let kernels = try KernelSet.selected()
    let loaded = try packages.map { try NamedPackage($0) }
    let test = SelfTest(kernels: kernels)
    var (kept, broken) = (0, 0)
    func tell(isKept: Bool, _ outcome: String) {
      kept += isKept ? 1 : 0
      broken += isKept ? 0 : 1
      if isKept && quiet { return }
      print(EscapedText.unquoted("\(isKept ? "ok    " : "FAILED")  \(outcome)"))
    }
    func report(_ outcome: SelfTest.Outcome) {
      tell(isKept: outcome.isKept, "\(outcome.subject): \(outcome.promise): \(outcome.finding)")
    }
    if !quiet {
      let levels = KernelSet.supportedLevels.map(\.rawValue).joined(separator: " ")
      print("kernels: \(kernels.level.rawValue) (this machine has \(levels))")
    }
    try test.run(comparesLevels: !determinism, report)
    for package in loaded {
      // All of no cases would be replayed, which shows nothing.
      guard !package.package.goldenCases.isEmpty else {
        let subject = package.package.manifest.reference
        tell(
          isKept: false,
          "\(subject): golden cases: it has none, so nothing shows that it answers as it did")
        continue
      }
      do {
        try test.run(on: package.package, report)
      } catch {
        throw PackageFailure(path: package.path, error: error)
      }
    }
    guard broken == 0 else {
      throw CheckFailure(description: "\(broken) of \(kept + broken) promises do not hold on this machine")
    }
    if !quiet { print("\(kept) of \(kept) promises hold") }
  }
}
