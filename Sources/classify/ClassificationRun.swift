import FileAccess
import Recurrent
import TextRecords

/// One run of the command: reads records, classifies them batch by batch, writes each in order.
///
/// Only one batch is in memory at a time.
struct ClassificationRun {
  private let command: ClassifyCommand
  /// Bytes of a batch's output after which they are handed on before the batch is done.
  private static let pieceSize = 1 << 18

  init(_ command: ClassifyCommand) { self.command = command }

  func run() throws(CommandFailure) {
    let input = command.input
    let path = try command.model.path()
    if let file = command.output.file {
      do throws(FileError) {
        try FileAccess.checkOutput(file, isNoneOf: input.paths + [path] + command.model.requireKey)
      } catch {
        throw CommandFailure(error)
      }
    } else if let input = input.paths.first(where: Self.isStandardOutput) {
      // It would never end: each answer would be another record.
      throw CommandFailure(
        .cannotCreate, "\(RecordReader.displayName(of: input)) is also the output; write to another file")
    }
    var source = try InputSource(input, keeping: command.output.fieldKeeping)
    let output = try OutputDestination(path: command.output.file)
    do throws(CommandFailure) {
      let classifier = try LoadedClassifier(
        path: path, model: command.model, abstainBelow: command.output.abstainBelow,
        threads: command.running.threads)
      let writer = makeWriter(for: classifier)
      let faulty = try classify(&source, with: classifier, into: output, as: writer)
      try output.finish()
      if faulty.count > 0, !command.running.quiet { Diagnostics.report(faulty.summary) }
    } catch {
      output.abandon()
      throw error
    }
  }

  private static func isStandardOutput(_ path: String) -> Bool {
    path == RecordReader.standardInputPath
      ? FileAccess.standardInputIsStandardOutput : FileAccess.isRegularStandardOutput(path)
  }

  private func makeWriter(for classifier: LoadedClassifier) -> any RecordWriter {
    let options = command.output
    switch options.format {
    case .text: return TextOutput(labelLimit: options.labelLimit)
    case .jsonl: return jsonLines(for: classifier)
    case .json: return JSONArrayOutput(records: jsonLines(for: classifier))
    case .csv, .tsv:
      return TableOutput(
        options.format == .csv ? .csv : .tsv,
        labelCount: min(options.labelLimit ?? .max, classifier.labels.count))
    }
  }

  private func jsonLines(for classifier: LoadedClassifier) -> JSONLinesOutput {
    let options = command.output
    return JSONLinesOutput(
      labelLimit: options.labelLimit, logitLabels: options.raw ? classifier.labels : nil,
      keepsFields: options.keepFields, model: classifier.name)
  }

  /// Whether each record is answered before the next is read: a person, or a program that talks, is waiting.
  private var isInteractive: Bool {
    if command.output.lineBuffered { return true }
    if command.input.readsTerminal { return true }
    return command.output.file == nil && StandardDescriptors.isOutputTerminal && command.input.readsStream
  }

  private func classify(
    _ source: inout InputSource, with classifier: LoadedClassifier, into output: OutputDestination,
    as writer: any RecordWriter
  ) throws(CommandFailure) -> FaultyRecords {
    let isInteractive = isInteractive
    var faulty = FaultyRecords()
    var writer = writer
    var hasBegun = false
    var bytes: [UInt8] = []
    var batch = RecordBatch(
      count: isInteractive ? 1 : command.running.batchSize, labels: classifier.labels.count)
    var isAtEnd = false
    while !isAtEnd {
      // What was read before a file turned out to be unreadable is still answered.
      var failure: CommandFailure?
      do throws(CommandFailure) {
        while !batch.isFull {
          guard let record = try source.next() else {
            isAtEnd = true
            break
          }
          batch.append(record)
        }
      } catch {
        failure = error
      }
      if !hasBegun, isAtEnd || !batch.records.isEmpty {
        writer.begin(columns: source.sharedColumns.names, into: &bytes)
        hasBegun = true
      }
      for (record, answer) in zip(batch.records, classifier.answers(to: batch)) {
        if case .fault(let error) = answer {
          if command.running.onBadRecord == .strict {
            failure = CommandFailure(error.failureCode, "\(record.place): \(error.message)")
            break
          }
          faulty.count(record, error)
        }
        writer.append(answer, to: record, into: &bytes)
        if bytes.count >= Self.pieceSize { try output.write(&bytes, atOnce: false) }
      }
      if isAtEnd, failure == nil { writer.end(into: &bytes) }
      try output.write(&bytes, atOnce: isInteractive)
      if let failure { throw failure }
      batch.removeAll()
    }
    return faulty
  }
}

/// The records of a run that have no prediction.
private struct FaultyRecords {
  private(set) var count = 0
  private var first = ""

  mutating func count(_ record: InputRecord, _ error: RecordError) {
    if count == 0 { first = "\(record.place): \(error.message)" }
    count += 1
  }

  var summary: String {
    count == 1 ? "1 record has an error: \(first)" : "\(count) records have errors; the first: \(first)"
  }
}
