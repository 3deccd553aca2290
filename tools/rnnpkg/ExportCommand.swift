import ArgumentParser
import FileAccess
import ModelConversion
import ModelPackage

/// Writes a package's network in another system's format.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a package's network for PyTorch (safetensors) or ONNX runtimes.",
    discussion: """
      rnnpkg export reviews.rnnpkg -o reviews.onnx --vocabulary vocabulary.txt
      rnnpkg export reviews.rnnpkg -o reviews.safetensors
      rnnpkg export reviews.rnnpkg --to onnx -o model.bin

      safetensors is a state dict with PyTorch's names, shapes and gate order, in 32 bits; its metadata names cell, gates, \
      where a GRU resets, and labels. onnx, operator set 14, takes tokens (int64, [batch, time]) and lengths (int32, [batch]) \
      and gives logits and probabilities, temperature included; labels are in its metadata. Both take token ids: \
      --vocabulary writes the tokens, one a line, line 1 being id 0.

      A linear partner has no place in either format: --without-partner exports the network alone, without the temperature, \
      which was fitted with the partner: probabilities are not calibrated then. Packages that chop texts or run them in \
      windows are refused (65).
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case safetensors, onnx

    /// The format that a file's ending names.
    init?(endingOf path: String) {
      guard let format = Format.allCases.first(where: { path.lowercased().hasSuffix(".\($0.rawValue)") })
      else { return nil }
      self = format
    }
  }

  @Argument(help: "The package.", completion: .file())
  var package: String
  @Option(help: "safetensors or onnx. Default: as the output's name ends.")
  var to: Format?
  @Option(name: [.short, .customLong("output")], help: "The file to write.", completion: .file())
  var output: String
  @Option(help: "Also write the vocabulary there, a token a line.", completion: .file())
  var vocabulary: String?
  @Flag(help: "Leave a linear partner behind.")
  var withoutPartner = false

  func validate() throws {
    try OutputPath.check(output)
    try OutputPath.check(vocabulary, of: "--vocabulary")
    guard to != nil || Format(endingOf: output) != nil else {
      throw ValidationError("say --to safetensors or --to onnx: \(output) ends with neither")
    }
  }

  func run() throws {
    guard let format = to ?? Format(endingOf: output) else { return }
    if let vocabulary, FileAccess.isSamePlace(vocabulary, output) {
      throw FileError.outputTwice(path: vocabulary, other: output)
    }
    let claims = try ([output] + (vocabulary.map { [$0] } ?? [])).map {
      try ClaimedOutput($0, isNoneOf: [package])
    }
    defer { for claim in claims { claim.release() } }
    let loaded = try NamedPackage(package)
    let (bytes, remarks) = try converted(loaded.package, to: format)
    for remark in remarks { Report.line("rnnpkg: \(remark)") }
    // Both are whole before either takes its place: ids of one mean nothing with the tokens of another.
    var files = [try written(bytes, to: output)]
    if let vocabulary { files.append(try written(loaded.package.vocabulary, to: vocabulary)) }
    for file in files { try file.commit() }
    printResult(
      of: output,
      "\(loaded.package.manifest.reference) as \(format.rawValue), \(grouped(bytes.count)) bytes")
  }

  private func written(_ bytes: [UInt8], to path: String) throws(FileError) -> AtomicFile {
    let file = try AtomicFile(replacing: path)
    try file.write(bytes)
    return file
  }

  private func converted(
    _ loaded: ModelPackage, to format: Format
  ) throws -> (bytes: [UInt8], remarks: [ConversionRemark]) {
    do {
      switch format {
      case .safetensors:
        let export = try StateDictExport(loaded, withoutPartner: withoutPartner)
        return (try export.bytes(), export.remarks)
      case .onnx:
        let export = try ONNXExport(loaded, withoutPartner: withoutPartner)
        return (export.bytes, export.remarks)
      }
    } catch {
      throw PackageFailure(path: package, error: error)
    }
  }
}
