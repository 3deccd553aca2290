import Foundation
import StrictJSON
import TestSupport
import Testing

/// `rnnpkg export` and `rnnpkg import`; what they write is tested in `ModelConversionTests`.
@Suite struct RnnpkgConversionTests {
  private let scratch = TemporaryDirectory()

  private func path(_ name: String) -> String { "\(scratch.path)/\(name)" }

  // MARK: Export

  @Test func aPackageGoesOutAndComesBackWithTheSameAnswers() throws {
    let package = try SmallPackage.path()
    let exported = try RnnpkgFixtures.run([
      "export", package, "-o", path("small.safetensors"), "--vocabulary", path("vocabulary.txt"),
    ])
    #expect(exported.status == 0 && exported.message.isEmpty, "\(exported.message)")
    #expect(exported.output.hasPrefix("\(path("small.safetensors")): small@1.0.0 as safetensors, "))
    let shown = try RnnpkgFixtures.run(["show", package, "--vocabulary"])
    #expect(try scratch.bytes(of: "vocabulary.txt") == shown.standardOutput)

    _ = try scratch.file(
      "small.toml",
      """
      weights = "small.safetensors"
      vocabulary = "vocabulary.txt"
      labels = ["negative", "positive"]
      layout = "pytorch"
      [model]
      cell = "lstm"
      hidden = 8
      embedding = 8
      layers = 1
      direction = "both"
      readout = "concat"
      [tokenizer]
      case = "lower"
      [specials]
      pad = 0
      unknown = 1
      begin = 2
      end = 3
      [package]
      name = "small"
      """)
    let imported = try RnnpkgFixtures.run(["import", path("small.toml"), "-o", path("back.rnnpkg")])
    #expect(imported.status == 0, "\(imported.message)")
    #expect(
      imported.message
        == "rnnpkg: no reference was given: nothing proves the conversion; the golden cases are the converted network's "
        + "own answers\n")
    #expect(imported.output.hasPrefix("\(path("back.rnnpkg")): small@1.0.0, id "))
    let verified = try RnnpkgFixtures.run(["verify", path("back.rnnpkg")])
    #expect(
      verified.status == 0 && verified.output.contains("6 golden cases replayed"), "\(verified.message)")
    // Another temperature, the same logits.
    func logits(_ package: String) throws -> [JSONValue?] {
      let outcome = try CommandRunner("classify").run(
        "-m", package, "--raw", "--json", "A great film, I loved it.", "Awful and not warm!", "")
      #expect(outcome.status == 0, "\(outcome.message)")
      return try outcome.lines.map { try JSONValue(parsing: $0)["logits"] }
    }
    #expect(try logits(package).compactMap { $0 }.count == 3)
    #expect(try logits(package) == logits(path("back.rnnpkg")))
  }

  @Test func theFormatIsNamedOrReadFromTheEnding() throws {
    let package = try SmallPackage.path()
    let byEnding = try RnnpkgFixtures.run(["export", package, "-o", path("a.onnx")])
    #expect(byEnding.status == 0, "\(byEnding.message)")
    let named = try RnnpkgFixtures.run(["export", package, "--to", "onnx", "-o", path("model.bin")])
    #expect(named.status == 0 && named.output.contains(" as onnx, "), "\(named.message)")
    #expect(try scratch.bytes(of: "a.onnx") == scratch.bytes(of: "model.bin"))
    #expect(try scratch.bytes(of: "a.onnx").starts(with: [0x08, 0x07, 0x12, 0x06] + Array("rnnpkg".utf8)))
    let neither = try RnnpkgFixtures.run(["export", package, "-o", path("b.bin")])
    #expect(neither.status == 64 && neither.message.contains("--to safetensors or --to onnx"))
    #expect(!scratch.names.contains("b.bin"))
  }

  @Test func whatCannotBeExpressedIsRefusedWithAWayOut() throws {
    let table = try scratch.file("train.tsv", RnnpkgFixtures.table)
    _ = try RnnpkgFixtures.trained(scratch, on: table, as: "partner.rnnpkg", "--partner")
    let refused = try RnnpkgFixtures.run(["export", path("partner.rnnpkg"), "-o", path("x.onnx")])
    #expect(refused.status == 65, "\(refused.status)")
    #expect(
      refused.message
        == "rnnpkg: \(path("partner.rnnpkg")): the package has a linear partner, which other formats cannot hold; export the "
        + "network alone with --without-partner\n")
    let alone = try RnnpkgFixtures.run([
      "export", path("partner.rnnpkg"), "-o", path("x.onnx"), "--without-partner",
    ])
    #expect(alone.status == 0, "\(alone.message)")
    #expect(
      alone.message
        == "rnnpkg: the partner is left out: answers differ from the package's; its temperature was fitted with the partner "
        + "and is left out too, so that probabilities are not calibrated\n")

    _ = try RnnpkgFixtures.trained(scratch, on: table, as: "chopped.rnnpkg", "--chop", "4")
    let chopped = try RnnpkgFixtures.run(["export", path("chopped.rnnpkg"), "-o", path("y.safetensors")])
    #expect(chopped.status == 65 && chopped.message.contains("texts are chopped at 4 tokens"))
    #expect(!scratch.names.contains("y.safetensors"))
  }

  @Test func filesThatAreMissingBrokenOrTheInputItselfEndWithTheirCodes() throws {
    let package = path("copy.rnnpkg")
    try FileManager.default.copyItem(atPath: SmallPackage.path(), toPath: package)
    func export(_ package: String, _ output: String) throws -> Int32 {
      try RnnpkgFixtures.run(["export", package, "--to", "onnx", "-o", output]).status
    }
    #expect(try export(path("none.rnnpkg"), path("x.onnx")) == 66)
    #expect(try export(package, path("none/x.onnx")) == 73)
    #expect(try export(package, package) == 73)
    #expect(try export(try scratch.file("broken.rnnpkg", "no package"), path("x.onnx")) == 76)
    #expect(!scratch.names.contains("x.onnx"))
  }

  /// Whether the file is there or not.
  @Test func theVocabularyTakesNoOtherPlaceThanTheNetwork() throws {
    let package = try SmallPackage.path()
    let own = (scratch.path as NSString).lastPathComponent
    try FileManager.default.createSymbolicLink(atPath: path("here"), withDestinationPath: ".")
    func refuse(_ vocabulary: String) throws {
      let outcome = try RnnpkgFixtures.run(
        ["export", package, "-o", "x.onnx", "--vocabulary", vocabulary], in: scratch.path)
      #expect(outcome.status == 73 && outcome.output.isEmpty)
      #expect(
        outcome.message == "rnnpkg: \(vocabulary): also the place of x.onnx; choose another name\n",
        "\(outcome.message)")
    }
    let names = ["x.onnx", "./x.onnx", "here/x.onnx", "../\(own)/x.onnx"]
    for name in names { try refuse(name) }
    #expect(scratch.names == ["here"])
    _ = try scratch.file("x.onnx", "an older file")
    try FileManager.default.createSymbolicLink(atPath: path("link"), withDestinationPath: "x.onnx")
    for name in names + ["link"] { try refuse(name) }
    #expect(try scratch.bytes(of: "x.onnx") == Array("an older file".utf8))
  }

  /// Ids of one mean nothing with the tokens of another.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func anExportWhoseVocabularyCannotBeWrittenLeavesTheOldFile() throws {
    let old = try scratch.file("x.onnx", "an older file")
    let outcome = try RnnpkgFixtures.run([
      "export", try SmallPackage.path(), "-o", old, "--vocabulary", "/dev/full",
    ])
    #expect(outcome.status == 74 && outcome.output.isEmpty, "\(outcome.message)")
    #expect(try scratch.bytes(of: "x.onnx") == Array("an older file".utf8) && scratch.names == ["x.onnx"])
  }

  // MARK: Import

  private static let description = """
    weights = "weights.safetensors"
    vocabulary = "vocabulary.txt"
    labels = ["bad", "good", "mixed"]
    layout = "pytorch"
    [model]
    cell = "gru"
    reset = "after"
    hidden = 6
    embedding = 5
    layers = 2
    direction = "both"
    readout = "last"
    [tokenizer]
    case = "lower"
    [specials]
    pad = 1
    unknown = 0
    [names]
    "embedding." = "embed."
    "rnn." = "gru."
    "readout." = "fc."
    [package]
    name = "golden"
    """

  /// Imports PyTorch's state dict with another description or reference.
  private func runImport(
    _ description: String = Self.description, reference: (String) -> String? = { $0 }, _ options: String...
  ) throws -> CommandRunner.Outcome {
    let weights = try Data(contentsOf: SourceTree.golden.appending(path: "state_dict_gru.safetensors"))
    _ = try scratch.file("weights.safetensors", Array(weights))
    _ = try scratch.file("vocabulary.txt", "<unk>\n<pad>\na\nwarm\nfilm\nnot\nbad\ndull\n.\n")
    _ = try scratch.file("golden.toml", description)
    let answers = try String(
      contentsOf: SourceTree.golden.appending(path: "state_dict_gru.jsonl"), encoding: .utf8)
    var arguments = ["import", path("golden.toml"), "-o", path("golden.rnnpkg")]
    if let reference = reference(answers) {
      arguments += ["--reference", try scratch.file("answers.jsonl", reference)]
    }
    return try RnnpkgFixtures.run(arguments + options)
  }

  @Test func aStateDictIsImportedAndProvedByItsSource() throws {
    let outcome = try runImport()
    #expect(outcome.status == 0, "\(outcome.message)")
    #expect(outcome.lines.count == 2, "\(outcome.output)")
    #expect(outcome.lines[0].hasPrefix("largest difference "))
    #expect(outcome.lines[0].contains(" in 5 records of answers.jsonl (line "), "\(outcome.output)")
    #expect(outcome.lines[1].hasPrefix("\(path("golden.rnnpkg")): golden@1.0.0, id "))
    #expect(outcome.message == "rnnpkg: the source has no <s>, </s>: their vectors are zeros\n")
    let verified = try RnnpkgFixtures.run(["verify", path("golden.rnnpkg")])
    #expect(
      verified.status == 0 && verified.output.contains("5 golden cases replayed"), "\(verified.message)")
  }

  @Test func aConversionThatIsNotProvedWritesNothing() throws {
    let differing = try runImport(reference: { $0.replacing("0.09897503", with: "0.0991") })
    #expect(differing.status == 1, "\(differing.status) \(differing.message)")
    #expect(differing.message.contains("more than --tolerance 1e-05; "), "\(differing.message)")
    // Remarks would speak of a package that is not there.
    #expect(differing.message.split(separator: "\n").count == 1, "\(differing.message)")
    #expect(!scratch.names.contains("golden.rnnpkg"))
    let tolerated = try runImport(
      reference: { $0.replacing("0.09897503", with: "0.0991") }, "--tolerance", "1e-3")
    #expect(tolerated.status == 0, "\(tolerated.message)")
    #expect(tolerated.message.contains("rnnpkg: the source has no <s>, </s>: "), "\(tolerated.message)")
    try FileManager.default.removeItem(atPath: path("golden.rnnpkg"))
    let tokens = try runImport(reference: { $0.replacing("[5, 6]", with: "[5, 7]") })
    #expect(tokens.status == 1 && tokens.message.contains("the tokenizers differ"), "\(tokens.message)")
    #expect(!scratch.names.contains("golden.rnnpkg"))
  }

  @Test func descriptionsThatSayTooLittleOrTooMuchAreRefused() throws {
    func expect(_ status: Int32, _ message: String, replacing line: String, with other: String) throws {
      let outcome = try runImport(Self.description.replacing(line, with: other))
      #expect(outcome.status == status, "\(outcome.status) \(outcome.message)")
      #expect(outcome.message == "rnnpkg: \(path("golden.toml")): \(message)\n")
      #expect(!scratch.names.contains("golden.rnnpkg"))
    }
    try expect(
      65, #"model.reset must be named, weights do not tell it: "after" or "before""#,
      replacing: #"reset = "after""#, with: "")
    try expect(
      65, #"layout is "onnx"; it must be one of pytorch"#, replacing: #"layout = "pytorch""#,
      with: #"layout = "onnx""#)
    try expect(
      65, #"model: unknown key "widht""#, replacing: "hidden = 6", with: "hidden = 6\nwidht = 6")
    try expect(65, #"model: key "hidden" is missing"#, replacing: "hidden = 6", with: "")
    try expect(
      65,
      #"package.license is "not a license!"; it must be an SPDX expression, such as Apache-2.0 or "MIT OR GPL-2.0-only WITH "#
        + #"Classpath-exception-2.0""#,
      replacing: #"name = "golden""#, with: "name = \"golden\"\nlicense = \"not a license!\"")
    try expect(
      65, #"weights.safetensors: tensor "gru.weight_ih_l0" has shape [18, 5], expected [24, 5]"#,
      replacing: "hidden = 6", with: "hidden = 8")
    let noTable = try runImport("weights =")
    #expect(noTable.status == 65 && noTable.message.contains("golden.toml: line 1"), "\(noTable.message)")
  }

  @Test func filesOfAnImportThatAreMissingOrBadEndWithTheirCodes() throws {
    let missing = try runImport(Self.description.replacing("weights.safetensors", with: "none.safetensors"))
    #expect(missing.status == 66 && missing.message.contains("none.safetensors"), "\(missing.message)")
    let bad = try runImport(reference: { _ in "{\"tokens\": [], \"logits\": [0, 0, 0]}\n" })
    #expect(bad.status == 65, "\(bad.status)")
    #expect(bad.message == "rnnpkg: \(path("answers.jsonl")): line 1: tokens is empty\n")
    let count = try runImport(reference: { _ in "{\"tokens\": [2], \"logits\": [0, 0]}\n" })
    #expect(count.status == 65)
    #expect(
      count.message
        == "rnnpkg: \(path("answers.jsonl")): line 1: 2 logits, expected 3, one for each label\n")
    let infinite = try runImport(reference: { _ in "\n{\"text\": \"a\", \"logits\": [1e308, 0, 0]}\n" })
    #expect(infinite.status == 65 && !scratch.names.contains("golden.rnnpkg"))
    #expect(
      infinite.message
        == "rnnpkg: \(path("answers.jsonl")): line 2: logits[0] is 1e+308, more than a 32-bit number can be\n"
    )
    #expect(try runImport(reference: { _ in nil }, "--tolerance", "0.1").status == 64)
    #expect(try RnnpkgFixtures.run(["import", path("none.toml"), "-o", path("x.rnnpkg")]).status == 66)
  }

  @Test func helpShowsBothWithExamples() throws {
    let help = try RnnpkgFixtures.run(["--help"]).output
    #expect(help.contains("rnnpkg export reviews.rnnpkg -o reviews.onnx"))
    #expect(help.contains("rnnpkg import reviews.toml -o reviews.rnnpkg"))
    let export = try RnnpkgFixtures.run(["export", "--help"], environment: ["COLUMNS": "1000"]).output
    #expect(export.contains("fitted with the partner: probabilities are not calibrated then"), "\(export)")
    for command in ["export", "import"] {
      let own = try RnnpkgFixtures.run([command, "--help"])
      #expect(own.status == 0 && own.output.contains("rnnpkg \(command) reviews."), "\(own.output)")
    }
  }
}
