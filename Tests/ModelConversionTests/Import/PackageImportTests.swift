import ClassifierTraining
import ModelConversion
import ModelPackage
import RecurrentCells
import SequenceClassifier
import StrictJSON
import TestSupport
import Testing
import TextEncoding

/// Packages made of state dicts.
@Suite struct PackageImportTests {
  /// Export and import are each other's inverse, bit for bit.
  @Test(arguments: ReferenceConfiguration.all)
  func whatWasExportedComesBackBitForBit(_ configuration: ReferenceConfiguration) throws {
    let fixture = try NetworkFixture(random: configuration, seed: 9, scale: 0.3)
    let package = try ConversionFixture.package(fixture)
    let made = try PackageImport(
      ImportFixture.description(of: package), weights: StateDictExport(package).bytes(),
      vocabulary: package.vocabulary)
    #expect(made.remarks == [.unproven] && made.comparison == nil)
    #expect(made.package.tensors == TensorFile(tensors: package.tensors.tensors))
    #expect(made.package.vocabulary == package.vocabulary)
    let (before, after) = (try Classifier(package), try Classifier(made.package))
    for sequence in fixture.sequences(lengths: ConversionFixture.lengths, seed: 2) {
      #expect(try before.networkLogits(of: sequence) == after.networkLogits(of: sequence))
    }
    #expect(made.package.goldenCases.count == 6)
    #expect(after.mismatches(of: made.package.goldenCases).isEmpty)
  }

  // MARK: A state dict of PyTorch

  private func golden(
    reference: String? = nil, _ change: (inout ImportDescription) -> Void = { _ in }
  ) throws -> PackageImport {
    try PackageImport(
      ImportFixture.goldenDescription(change), weights: ImportFixture.golden("state_dict_gru.safetensors"),
      vocabulary: Array(ImportFixture.goldenVocabulary.utf8),
      reference: reference.map { try ReferenceRecord.parse(Array($0.utf8)) })
  }

  private let answers: String

  init() throws {
    answers = String(decoding: try ImportFixture.golden("state_dict_gru.jsonl"), as: UTF8.self)
  }

  /// Other names, another order of tokens, and numbers of four types.
  @Test func aModuleOfPyTorchAnswersAsItDidThere() throws {
    let made = try golden(reference: answers)
    let comparison = try #require(made.comparison)
    #expect(comparison.records == 5 && comparison.tokenDifferences.isEmpty)
    #expect(comparison.largestDifference <= 1e-6, "\(comparison)")
    #expect(made.remarks == [.absentSpecials(["<s>", "</s>"])])
    #expect(made.package.goldenCases.map(\.text).first == "a warm film.")
    #expect(made.package.goldenCases.count == 5)
    #expect(made.package.goldenCases[0].ids == [4, 5, 6, 10])
    #expect(
      String(decoding: made.package.vocabulary, as: UTF8.self)
        == "<pad>\n<unk>\n<s>\n</s>\na\nwarm\nfilm\nnot\nbad\ndull\n.\n")
    let embedding = try #require(made.package.tensors["embedding.weight"])
    #expect(embedding.shape == [11, 5] && embedding.dtype == .f32)
    // <pad> is zeros in the source, <s> and </s> are not there.
    #expect(embedding.values.prefix(5).allSatisfy { $0 == 0 })
    #expect(embedding.values[10..<20].allSatisfy { $0 == 0 })
    #expect(embedding.values[5..<10].contains { $0 != 0 })
    let manifest = made.package.manifest
    #expect(manifest.reference == "golden@0.1.0" && manifest.license == "Apache-2.0")
    #expect(manifest.model.output.calibration?.t == 1.25)
    #expect(manifest.provenance?.convertedFrom?["weights"] == "state_dict_gru.safetensors")
    #expect(
      try #require(made.package.card).contains("Converted from `state_dict_gru.safetensors`, SHA-256 `"))
    #expect(try Classifier(made.package).mismatches(of: made.package.goldenCases).isEmpty)
    // The same inputs, the same package.
    #expect(try golden(reference: answers).package.id == made.package.id)
  }

  @Test func tokensWithoutTextAreComparedAndBecomeCasesWhereATextGivesThem() throws {
    let records = answers.replacing(#/"text": "[^"]*", /#, with: "")
    #expect(!records.contains("text"))
    let made = try golden(reference: records)
    #expect(try #require(made.comparison).largestDifference <= 1e-6)
    #expect(made.remarks == [.absentSpecials(["<s>", "</s>"])])
    #expect(made.package.goldenCases.map(\.text).prefix(2) == ["a warm film .", "not bad"])
    #expect(made.package.goldenCases.count == 5)
    // No text is padding.
    let padded = try golden(reference: records + #"{"tokens": [5, 1], "logits": [0, 0, 0]}"# + "\n")
    #expect(try #require(padded.comparison).largestLine == 6)
    #expect(padded.remarks.last == .recordsWithoutText(1, of: 6))
    #expect(padded.package.goldenCases.count == 5)
  }

  @Test func whatDiffersFromTheReferenceIsTold() throws {
    let other = answers.replacing("0.09897503", with: "0.19897503")
    let comparison = try #require(try golden(reference: other).comparison)
    #expect(abs(comparison.largestDifference - 0.1) < 1e-5 && comparison.largestLine == 1)
    let tokens = answers.replacing("[5, 6]", with: "[5, 7]")
    let difference = try #require(try golden(reference: tokens).comparison).tokenDifferences
    #expect(difference == [.init(line: 2, expected: [7, 9], found: [7, 8])])
    // A GRU that resets elsewhere is another function of the same weights.
    let before = try golden(reference: answers) { $0.model.reset = "before" }
    #expect(try #require(before.comparison).largestDifference > 1e-3)
  }

  /// A package that is written is one that `verify` takes.
  @Test func answersThatAreOnlyNearBecomeNoGoldenCases() throws {
    let made = try golden(reference: answers.replacing("0.09897503", with: "0.19897503"))
    #expect(made.remarks.last == .ownGoldenCases(1, of: 5))
    #expect(made.package.goldenCases.count == 5)
    #expect(try Classifier(made.package).mismatches(of: made.package.goldenCases).isEmpty)
  }

  /// A file that an export wrote says what logits are divided by.
  @Test func theTemperatureOfAnExportIsKept() throws {
    let package = try ConversionFixture.package(.all[0], temperature: 1.7)
    let weights = try StateDictExport(package).bytes()
    func made(_ temperature: Double?) throws -> PackageImport {
      var description = try ImportFixture.description(of: package)
      if let temperature {
        description.output = try JSONValueDecoder().decode(
          ImportDescription.OutputTable.self, from: ["temperature": .number(temperature)])
      }
      return try PackageImport(description, weights: weights, vocabulary: package.vocabulary)
    }
    #expect(try made(nil).package.manifest.model.output.calibration?.t == 1.7)
    let plain = try ConversionFixture.package(.all[0])
    let bare = try PackageImport(
      ImportFixture.description(of: plain), weights: StateDictExport(plain).bytes(),
      vocabulary: plain.vocabulary)
    #expect(bare.package.manifest.model.output.calibration == nil)
    #expect(try made(1.7).package.manifest.model.output.calibration?.t == 1.7)
    #expect(
      throws: ImportError.contradiction(
        file: "w.safetensors", key: "temperature", described: "2.0", found: "1.7")
    ) { try made(2) }
  }

  // MARK: Refusals

  private func expectError(
    _ error: ImportError, _ message: String, _ change: (inout ImportDescription) -> Void
  ) {
    #expect(throws: error) { try golden(change) }
    #expect("\(error)" == message)
  }

  private func golden(_ change: (inout ImportDescription) -> Void) throws -> PackageImport {
    try golden(reference: nil, change)
  }

  @Test func whatHasTwoMeaningsMustBeNamed() throws {
    expectError(
      .unnamed(option: "model.reset", known: ["after", "before"]),
      #"model.reset must be named, weights do not tell it: "after" or "before""#
    ) { $0.model.reset = nil }
    expectError(
      .unnamed(option: "layout", known: ["pytorch"]),
      #"layout must be named, weights do not tell it: "pytorch""#
    ) { $0.layout = nil }
    expectError(
      .choice(option: "layout", found: "keras", known: ["pytorch"]),
      #"layout is "keras"; it must be one of pytorch"#
    ) { $0.layout = "keras" }
    expectError(
      .unnamed(option: "model.activation", known: ["tanh", "relu"]),
      #"model.activation must be named, weights do not tell it: "tanh" or "relu""#
    ) { ($0.model.cell, $0.model.reset) = ("rnn", nil) }
    expectError(
      .inapplicable(option: "model.reset", cell: "lstm"),
      "model.reset is no setting of the cell lstm; remove it"
    ) { $0.model.cell = "lstm" }
    expectError(
      .choice(option: "model.cell", found: "sru", known: ["gru", "lstm", "rnn"]),
      #"model.cell is "sru"; it must be one of gru, lstm, rnn"#
    ) { ($0.model.cell, $0.model.reset) = ("sru", nil) }
    expectError(
      .choice(option: "model.readout", found: "max", known: ["attention", "concat", "last"]),
      #"model.readout is "max"; it must be one of attention, concat, last"#
    ) { $0.model.readout = "max" }
    expectError(.layers(65, limit: 64), "model.layers is 65; it must be from 1 to 64") {
      $0.model.layers = 65
    }
    expectError(.manifest(.noLabels), "\(ManifestError.noLabels)") { $0.labels = [] }
  }

  @Test func tensorsAreCheckedByNameAndShape() throws {
    let file = "state_dict_gru.safetensors"
    expectError(
      .shape(file: file, tensor: "gru.weight_ih_l0", expected: [21, 5], found: [18, 5]),
      #"\#(file): tensor "gru.weight_ih_l0" has shape [18, 5], expected [21, 5]"#
    ) { $0.model.hidden = 7 }
    expectError(
      .tensors(
        file: file, missing: [],
        unexpected: ["bias_hh", "bias_ih", "weight_hh", "weight_ih"].flatMap { name in
          ["", "_reverse"].map { "gru.\(name)_l1\($0)" }
        }),
      #"\#(file): unexpected "gru.bias_hh_l1", "gru.bias_hh_l1_reverse", "gru.bias_ih_l1", "gru.bias_ih_l1_reverse", "#
        + #""gru.weight_hh_l1", "gru.weight_hh_l1_reverse", "gru.weight_ih_l1", "gru.weight_ih_l1_reverse"; "#
        + "[names] says what the source calls them"
    ) { $0.model.layers = 1 }
    expectError(
      .tensors(
        file: file, missing: ["readout.weight", "readout.bias"], unexpected: ["fc.bias", "fc.weight"]),
      #"\#(file): missing "readout.weight", "readout.bias"; unexpected "fc.bias", "fc.weight"; "#
        + "[names] says what the source calls them"
    ) { $0.names?["readout."] = nil }
    expectError(.unusedName("cell."), #"names: no tensor's name begins with "cell.""#) {
      $0.names?["cell."] = "gru."
    }
    expectError(.sharedTensor("fc.weight"), #"names: two tensors would be "fc.weight""#) {
      $0.names?["readout.bias"] = "fc.weight"
    }
  }

  @Test func vocabulariesAreCheckedByTheirOwnLines() throws {
    func refuse(_ vocabulary: String, _ error: ImportError) throws {
      #expect(throws: error) {
        try PackageImport(
          ImportFixture.goldenDescription(), weights: ImportFixture.golden("state_dict_gru.safetensors"),
          vocabulary: Array(vocabulary.utf8))
      }
    }
    let words = ImportFixture.goldenVocabulary
    try refuse(
      words.replacing("dull", with: "warm"),
      .vocabulary(file: "v.txt", .duplicateEntry(line: 8, firstLine: 4)))
    try refuse(words.replacing("bad", with: ""), .vocabulary(file: "v.txt", .emptyEntry(line: 7)))
    try refuse(words.replacing("bad", with: "\\x"), .vocabulary(file: "v.txt", .badEscape(line: 7)))
    try refuse(
      words.replacing("bad", with: "</s>"),
      .undeclaredSpecial(file: "v.txt", token: "</s>", line: 7, name: "end"))
    try refuse(
      words + "more\n",
      .shape(
        file: "state_dict_gru.safetensors", tensor: "embed.weight", expected: [10, 5], found: [9, 5]))
    expectError(
      .specialID(name: "pad", found: 9, tokens: 9), "specials.pad is 9; the vocabulary has ids from 0 to 8"
    ) { $0.specials.pad = 9 }
    expectError(
      .sharedSpecial(names: ["pad", "unknown"], id: 0), "specials.pad and specials.unknown are both 0"
    ) { $0.specials.pad = 0 }
  }

  /// What an exported file says of itself is not overruled.
  @Test func aDescriptionThatContradictsAnExportedFileIsRefused() throws {
    let package = try ConversionFixture.package(ConversionFixture.configuration(.gruResetBefore))
    let error = ImportError.contradiction(
      file: "w.safetensors", key: "reset", described: "after", found: "before")
    #expect(throws: error) {
      try PackageImport(
        ImportFixture.description(of: package) { $0.model.reset = "after" },
        weights: StateDictExport(package).bytes(), vocabulary: package.vocabulary)
    }
    #expect("\(error)" == #"w.safetensors says that its reset is "before", the description says "after""#)
  }

  @Test func filesThatAreNoStateDictsAreRefused() throws {
    #expect(throws: ImportError.self) {
      try PackageImport(
        ImportFixture.goldenDescription(), weights: Array("PK\u{3}\u{4} a zip of pickles".utf8),
        vocabulary: Array(ImportFixture.goldenVocabulary.utf8))
    }
    var bytes = try ImportFixture.golden("state_dict_gru.safetensors")
    let place = try #require(find("F16", in: bytes))
    bytes.replaceSubrange(place..<place + 3, with: Array("I16".utf8))
    let error = ImportError.weights(
      file: "state_dict_gru.safetensors",
      .notFloatingPoint(tensor: "gru.weight_hh_l1", found: "I16"))
    #expect(throws: error) {
      try PackageImport(
        ImportFixture.goldenDescription(), weights: bytes,
        vocabulary: Array(ImportFixture.goldenVocabulary.utf8))
    }
    #expect(
      "\(error)"
        == #"state_dict_gru.safetensors: tensor "gru.weight_hh_l1" has type "I16", expected F32, F16, BF16 or F64"#
    )
  }

  /// The dtype's name, not the "BF16" that ends in the same letters.
  private func find(_ type: String, in bytes: [UInt8]) -> Int? {
    let wanted = Array("\"\(type)\"".utf8)
    return bytes.indices.dropLast(wanted.count).first { bytes[$0..<$0 + wanted.count].elementsEqual(wanted) }
      .map { $0 + 1 }
  }
}
