import ArgumentParser
import FileAccess
import Recurrent

/// `classify`: labels for texts, from a package.
@main
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Label texts with a recurrent network from a package.",
    usage: """
      classify [--model <model>] [<options>] [<text> ...]
      classify [--model <model>] [<options>] --input <file> ...
      """,
    discussion: """
      Texts come from the arguments, from files (-i) or from standard input, one a line. Every record gives \
      one answer, in order:

        $ classify -m sentiment.rnnpkg "A warm, funny film."
        positive\t0.9990

        classify -m sentiment.rnnpkg --all --json "not bad at all"
        cut -f2 reviews.tsv | classify -m sentiment.rnnpkg
        classify -m ratings.rnnpkg -i a.csv --text-field body -o a.jsonl
        classify -m ratings.rnnpkg -i a.csv --output-format csv --keep-fields
        classify -m sentiment.rnnpkg --abstain-below 0.8 "It has its moments."
        classify -m topics.rnnpkg -i a.txt --max-tokens 400 --truncate error
        find . -name '*.txt' -print0 | classify -m topics.rnnpkg -0
        classify -m sentiment.rnnpkg -- "-1 for the ending"

      A text that begins with a dash goes behind --. A record that cannot be read gives an error record \
      (text: error, its code and a message between tabs; csv and tsv: both in the column error) and the run \
      goes on, unless --strict is given.

      Environment: RNNPKG_MODEL names the model where --model does not; RECURRENT_KERNELS chooses the \
      instruction set (generic, avx2, avx512, neon).

      Exit codes: 0 done, 64 usage, 65 bad input, 66 model or input not found, 70 internal error, \
      73 output cannot be created, 74 reading or writing failed, 76 malformed package, \
      77 package not signed by a required key, 78 package needs a newer engine, 130, 143 or 129 stopped by SIGINT, SIGTERM or SIGHUP.
      """,
    version: """
      classify \(EngineVersion.current)
      package formats: \(EngineVersion.packageFormats.joined(separator: ", "))
      """)

  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Run") var running: RunOptions

  static func main() {
    StandardDescriptors.reserve()
    BufferedOutput.ignoreWriteSignals()
    do {
      var command = try parseAsRoot(RawArguments.ofProcess())
      try command.run()
    } catch let error as CommandFailure {
      end(with: ValidationError("\(error)"))
    } catch {
      end(with: error)
    }
  }

  /// Ends with what the argument parser says of an error.
  private static func end(with error: any Error) -> Never {
    let text = fullMessage(for: error)
    if exitCode(for: error) == .success { answer(text) }
    // Of a run that has said why it ends only the code is left.
    if !text.isEmpty { Diagnostics.print(text) }
    exit(withError: exitCode(for: error))
  }

  /// Prints help, the version or a completion script, which the argument parser hands over as errors, and ends.
  private static func answer(_ text: String) -> Never {
    do throws(FileError) {
      let output = BufferedOutput.standardOutput()
      if !text.isEmpty { try output.write("\(text)\n") }
      try output.flush()
    } catch {
      let failure = CommandFailure(error)
      if failure.code != .brokenPipe { Diagnostics.report(failure.message) }
      exit(withError: failure.code.exitCode)
    }
    exit(withError: ExitCode.success)
  }

  mutating func validate() throws {
    if output.fieldKeeping == .sharedColumns { try input.checkSharesColumns(for: output.format) }
  }

  /// What a person sees who gives no text: enough to go on.
  private static let shortHelp = """
    USAGE: classify --model <file> [<options>] [<text> ...]

      classify --model sentiment.rnnpkg "A warm, funny film."
      classify --model sentiment.rnnpkg --input reviews.txt

    See 'classify --help' for all options.
    """

  mutating func run() throws {
    guard !input.texts.isEmpty || !input.input.isEmpty || !StandardDescriptors.isInputTerminal else {
      Diagnostics.print(Self.shortHelp)
      throw CommandFailure.Code.usage.exitCode
    }
    do throws(CommandFailure) {
      try ClassificationRun(self).run()
    } catch {
      if error.code != .brokenPipe { Diagnostics.report(error.message) }
      throw error.code.exitCode
    }
  }
}
