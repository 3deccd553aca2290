import ArgumentParser
import ClassifierTraining
import FileAccess
import ModelPackage
import StrictJSON

/// Prints what a package says of itself.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a package's manifest, card, tensors or vocabulary.",
    discussion: """
      rnnpkg show reviews.rnnpkg
      rnnpkg show reviews.rnnpkg --json | less

      Without --tensors and --vocabulary only the head of the file is read. These two may be given together.

      Controls and invisible characters in a package's text are shown as escapes. Only the vocabulary goes byte for byte to a \
      pipe or a file.
      """)

  @Argument(help: "The package.", completion: .file())
  var package: String
  @Flag(help: "The whole manifest as JSON; of a signed package with one more key, \"signature\".")
  var json = false
  @Flag(help: "The model card.")
  var card = false
  @Flag(help: "Names, types and shapes of the tensors, the scales of 8-bit rows included.")
  var tensors = false
  @Flag(help: "The vocabulary, a token a line.")
  var vocabulary = false

  func validate() throws {
    let asked = [
      ("--json", json), ("--card", card), ("--tensors", tensors), ("--vocabulary", vocabulary),
    ].filter { $0.1 }.map { $0.0 }
    guard asked.count < 2 || asked == ["--tensors", "--vocabulary"] else {
      throw ValidationError("\(asked.joined(separator: " and ")) exclude each other; run show once for each")
    }
  }

  func run() throws {
    if tensors || vocabulary {
      let loaded = try NamedPackage(package)
      if tensors { for tensor in loaded.package.tensors.tensors { show(tensor) } }
      if vocabulary { show(vocabulary: loaded.package.vocabulary) }
      return
    }
    let head: PackageHead
    do {
      head = try PackageHead(contentsOfFile: package)
    } catch {
      throw PackageFailure(path: package, error: error)
    }
    if json {
      var manifest = try JSONValue(parsing: head.manifestBytes)
      if head.signature != nil, case .object(var object) = manifest {
        // No key of a manifest, so that it cannot be taken for one.
        object["signature"] = signature(head)
        manifest = .object(object)
      }
      print(EscapedText.json(String(decoding: manifest.prettyBytes(), as: UTF8.self)))
    } else if card {
      let card = head.card ?? "the package has no model card"
      // Line by line, so that text from the package cannot steer a terminal.
      for line in card.split(separator: "\n", omittingEmptySubsequences: false) {
        print(EscapedText.unquoted(String(line)))
      }
    } else {
      print(summary(head), terminator: "")
    }
  }

  /// A line of a tensor, and one of its scales where it has some: in the file they are a tensor behind it.
  private func show(_ tensor: Tensor) {
    let name = EscapedText.unquoted(tensor.name)
    print("\(name)\t\(tensor.dtype.rawValue)\t\(tensor.shape)")
    guard tensor.dtype == .i8 else { return }
    print("\(name).scale\t\(TensorType.f32.rawValue)\t[\(tensor.stored.scales.count)]")
  }

  /// The lines of a vocabulary: safe ones for a person, the very bytes for a program.
  private func show(vocabulary: [UInt8]) {
    guard StandardDescriptors.isOutputTerminal else { return printBytes(vocabulary) }
    // By bytes: a line feed after a carriage return is no character of its own.
    var lines = vocabulary.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for line in lines { print(EscapedText.unquoted(String(decoding: line, as: UTF8.self))) }
  }

  private func running(_ model: Manifest.Model) -> String {
    guard let running = model.encoder.running, let length = running.length else { return "" }
    return ", \(running.kind) \(length)"
  }

  /// The key that the package names as its signer's, or why its signature is refused.
  private func signature(_ head: PackageHead) -> JSONValue {
    do throws(PackageError) {
      guard let signer = try head.checkSignature() else { return .null }
      return ["key": .string(signer.fingerprint)]
    } catch {
      return ["error": .string("\(error)")]
    }
  }

  private func summary(_ head: PackageHead) -> String {
    let manifest = head.manifest
    let model = manifest.model
    var lines = [
      "\(manifest.reference)" + (manifest.summary.map { "   \($0)" } ?? ""),
      "id          \(head.id)",
      "labels      \(manifest.task.labels.prefix(20).joined(separator: ", "))"
        + (manifest.task.labels.count > 20 ? " and \(manifest.task.labels.count - 20) more" : ""),
      "model       \(model.encoder.cell.id), \(model.encoder.layers) layer\(model.encoder.layers == 1 ? "" : "s"), direction "
        + "\(model.encoder.direction.rawValue), readout \(model.readout.type), embedding \(model.embedding.dim)\(running(model))",
      "parameters  \(model.parameters.map { "\(grouped($0)) " } ?? "")as \(model.dtype.rawValue.lowercased())"
        + quantization(model),
      "vocabulary  \(grouped(manifest.tokenizer.size)) tokens",
    ]
    if let partner = model.partner {
      lines.append(
        "partner     \(partner.kind), \(grouped(partner.features)) n-grams of up to \(partner.orders) words"
          + (partner.stack.partnerMinLength.map { ", for texts of \($0) tokens or more" } ?? ""))
    }
    if let license = manifest.license { lines.append("license     \(license)") }
    do throws(PackageError) {
      if let signer = try head.checkSignature() {
        lines.append("signature   by \(signer.fingerprint); rnnpkg verify --key checks it")
      }
    } catch {
      lines.append("signature   refused: \(error)")
    }
    if let calibration = model.output.calibration, let t = calibration.t {
      lines.append(
        "calibration temperature \(decimals(t, 3))"
          + (calibration.eceAfter.map { ", ECE \(decimals($0, 4))" } ?? ""))
    }
    for evaluation in manifest.evaluation ?? [] {
      lines.append("evaluated   \(evaluation.data.name)" + figures(evaluation))
    }
    for row in manifest.behaviour ?? [] {
      lines.append(
        "behaviour   \(row.name): \(grouped(row.failures)) of \(grouped(row.cases)) cases failed "
          + "(\(percent(row.failures, of: row.cases)))")
    }
    return lines.map(EscapedText.unquoted).joined(separator: "\n") + "\n"
  }

  /// What there is of an evaluation's accuracy and count of texts; what is absent is not shown as a zero.
  private func figures(_ evaluation: Manifest.Evaluation) -> String {
    let accuracy = evaluation.metrics["accuracy"].map { "accuracy \(decimals($0, 4))" }
    let texts = evaluation.data.rows.map { "\(grouped($0)) texts" }
    let found = [accuracy, texts].compactMap { $0 }
    return found.isEmpty ? "" : ": \(found.joined(separator: " on "))"
  }

  private func quantization(_ model: Manifest.Model) -> String {
    guard let quantization = model.quantization else { return "" }
    return
      ", quantized \(quantization.type) by \(quantization.granularity), activations \(quantization.activations)"
  }
}
