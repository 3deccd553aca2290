import ArgumentParser
import FileAccess
import ModelPackage
import SequenceClassifier
import StrictJSON

/// Trains, tests and packs text classifiers.
@main
struct RnnpkgCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rnnpkg",
    abstract: "Train, test and pack text classifiers.",
    discussion: """
      rnnpkg train reviews.tsv -o reviews.rnnpkg
      rnnpkg test reviews.rnnpkg test.tsv
      rnnpkg verify reviews.rnnpkg
      rnnpkg export reviews.rnnpkg -o reviews.onnx
      rnnpkg import reviews.toml -o reviews.rnnpkg --reference answers.jsonl
      classify --model reviews.rnnpkg "A warm, funny film."

      Environment: RECURRENT_KERNELS chooses the instruction set (generic, avx2, avx512, neon); SOURCE_DATE_EPOCH, in seconds \
      since 1970, is the date in the manifests that train and import write, which have none without it.

      Exit codes: 0 done; 1 a check failed; 64 usage; 65 bad input data; 66 not found; 70 internal; 73 cannot \
      create output; 74 input/output, or a loss that is no number; 76 malformed package; 77 signature refused; 78 package \
      needs a newer engine or an unknown cell; 130 stopped by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP.
      """,
    version: """
      rnnpkg \(EngineVersion.current), reads \(EngineVersion.packageFormats.joined(separator: ", "))
      """,
    subcommands: [
      TrainCommand.self, TestCommand.self, VerifyCommand.self, ShowCommand.self, PackCommand.self,
      UnpackCommand.self, QuantizeCommand.self, PartnerCommand.self, AverageCommand.self,
      DiffCommand.self, ExportCommand.self, ImportCommand.self, SignCommand.self, KeygenCommand.self,
      VectorsCommand.self, PretrainCommand.self, CellsCommand.self, SelfTestCommand.self,
    ])

  static func main() {
    StandardDescriptors.reserve()
    BufferedOutput.ignoreWriteSignals()
    UnfinishedEntries.removeAtSignals()
    do {
      var command = try parseAsRoot(arguments())
      try command.run()
      try flushStandardOutput()
    } catch {
      end(with: error)
    }
  }

  /// What the program is given. A name that is not UTF-8 is refused: repaired, it would be that of another file.
  private static func arguments() throws -> [String] {
    try ProcessArgument.all().enumerated().map { index, argument in
      switch argument {
      case .text(let text): return text
      case .bytes(let bytes):
        throw ValidationError(
          "argument \(index + 1), \(EscapedText(bytes: bytes)), is not UTF-8; names and values must be")
      }
    }
  }

  /// Reports why the program ends on standard error and ends with the exit code of that.
  private static func end(with reason: any Error) -> Never {
    // What was printed before comes before the message.
    do throws(FileError) {
      try flushStandardOutput()
    } catch {
      if !error.isBrokenPipe, error != reason as? FileError { Report.error(error) }
    }
    if let code = ExitStatus(reason) {
      if !code.isQuiet { Report.error(reason) }
      terminate(code.rawValue)
    }
    // A command that has said what is wrong.
    if let code = reason as? ExitCode { terminate(code.rawValue) }
    switch exitCode(for: reason) {
    case .success: answer(reason)
    case .validationFailure:
      Report.lines(fullMessage(for: reason))
      terminate(ExitCode.validationFailure.rawValue)
    default:
      Report.line("rnnpkg: \(message(for: reason))")
      terminate(70)
    }
  }

  /// Prints help, the version or a completion script, which the argument parser hands over as errors, and ends.
  private static func answer(_ request: any Error) -> Never {
    let text = fullMessage(for: request)
    if !text.isEmpty { print(text) }
    do throws(FileError) {
      try flushStandardOutput()
    } catch {
      end(with: error)
    }
    terminate(0)
  }
}
