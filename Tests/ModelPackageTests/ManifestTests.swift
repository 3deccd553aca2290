import ModelPackage
import StrictJSON
import Testing

@Suite struct ManifestTests: ManifestRefusals {
  /// The one quantisation there is, with one key changed.
  private static func int8(_ key: String? = nil, _ value: JSONValue? = nil) -> JSONValue {
    var object = JSONObject()
    for (key, value) in [
      ("type", "int8"), ("granularity", "row"), ("activations", "dynamic row"), ("version", 1),
    ] as [(String, JSONValue)] { object[key] = value }
    if let key { object[key] = value }
    return .object(object)
  }

  /// A recorded behaviour suite, with one key changed.
  private static func behaviour(_ key: String? = nil, _ value: JSONValue? = nil) -> JSONValue {
    var object = JSONObject()
    for (key, value) in [
      ("name", "negation"), ("cases", 40), ("failures", 3),
      ("sha256", .string(String(repeating: "0", count: 64))),
    ] as [(String, JSONValue)] { object[key] = value }
    if let key { object[key] = value }
    return .object(object)
  }

  @Test func recordedBehaviourIsReadAndWrittenBack() throws {
    let manifest = try Manifest(changed("behaviour", [Self.behaviour(), Self.behaviour("name", "contrast")]))
    #expect(manifest.behaviour?.map(\.name) == ["negation", "contrast"])
    #expect(manifest.behaviour?.first?.failures == 3)
    #expect(try Manifest(parsing: manifest.canonicalBytes()) == manifest)
  }

  // MARK: Format

  private static let formats: [(JSONValue?, String, Bool)] = [
    (nil, #"key "format" is missing, expected "rnnpkg/1""#, false),
    (1, #"format: expected the string "rnnpkg/1", found integer"#, false),
    (.null, #"format: expected the string "rnnpkg/1", found null"#, false),
    ("", #"format: expected "rnnpkg/1", found """#, false),
    ("rnnpkg", #"format: expected "rnnpkg/1", found "rnnpkg""#, false),
    ("rnnpkg/", #"format: expected "rnnpkg/1", found "rnnpkg/""#, false),
    ("rnnpkg/0", #"format: expected "rnnpkg/1", found "rnnpkg/0""#, false),
    ("rnnpkg/01", #"format: expected "rnnpkg/1", found "rnnpkg/01""#, false),
    ("rnnpkg/-1", #"format: expected "rnnpkg/1", found "rnnpkg/-1""#, false),
    ("rnnpkg/1.5", #"format: expected "rnnpkg/1", found "rnnpkg/1.5""#, false),
    ("rnnpkg/1/2", #"format: expected "rnnpkg/1", found "rnnpkg/1/2""#, false),
    ("gguf/1", #"format: expected "rnnpkg/1", found "gguf/1""#, false),
    ("gguf/2", #"format: expected "rnnpkg/1", found "gguf/2""#, false),
    ("rnnpkg/2", "made by a newer version (2); this one reads up to 1", true),
    ("rnnpkg/10", "made by a newer version (10); this one reads up to 1", true),
    ("rnnpkg/999", "made by a newer version (999); this one reads up to 1", true),
    (
      "rnnpkg/99999999999999999999999",
      "made by a newer version (99999999999999999999); this one reads up to 1", true
    ),
  ]

  @Test(arguments: formats)
  func formatsAreToldApart(_ format: JSONValue?, _ message: String, _ isNewer: Bool) throws {
    let error = refusal(try changed("format", format))
    #expect(error?.description == message)
    #expect(error?.needsNewerVersion == isNewer)
    if let error { #expect(PackageError.manifest(error).category == (isNewer ? .newer : .malformed)) }
  }

  @Test func aNewerFormatIsToldBeforeItsOtherDifferences() {
    #expect(
      refusal(["format": "rnnpkg/2", "anything": [1, 2]]) == .newerFormat(found: "2", supported: 1))
  }

  private static let malformed: [(String, String)] = [
    ("", "line 1, column 1: no JSON value, the text is empty"),
    ("[]", "document: expected object, found array"), ("null", "document: expected object, found null"),
    ("{\"format\":\"rnnpkg/1\",}", "line 1, column 22: expected a string as key, found '}'"),
    ("{\n\"format\":\"rnnpkg/1\",\n\"format\":1}", "line 3, column 1: duplicate key \"format\""),
    ("{} // c", "line 1, column 4: expected the end after the JSON value, found '/'"),
    ("{\"format\":\"rnnpkg/1\",\"a\":1e400}", "line 1, column 26: number out of range: \"1e400\""),
  ]

  @Test(arguments: malformed)
  func whatIsNoJSONHasALineAndAColumn(_ text: String, _ message: String) {
    let error = #expect(throws: ManifestError.self) { try Manifest(parsing: Array(text.utf8)) }
    #expect(error?.description == message)
  }

  @Test func theSizeIsLimited() {
    let bytes = [UInt8](repeating: 0x20, count: (1 << 20) + 1)
    #expect(throws: ManifestError.tooLarge(bytes: bytes.count, limit: 1 << 20)) {
      try Manifest(parsing: bytes)
    }
  }

  // MARK: Rules

  private static let broken: [(String, JSONValue?, String)] = [
    ("name", nil, #"document: key "name" is missing"#),
    (
      "name", "",
      #"name: "" is not allowed, use up to 128 lower-case letters, digits and, not first, '.', '_' or '-'"#
    ),
    (
      "name", "../x",
      #"name: "../x" is not allowed, use up to 128 lower-case letters, digits and, not first, '.', '_' or '-'"#
    ),
    (
      "name", "Sentiment",
      #"name: "Sentiment" is not allowed, use up to 128 lower-case letters, digits and, not first, '.', '_' or '-'"#
    ),
    (
      "version", "1/2",
      #"version: "1/2" is not allowed, use up to 64 letters, digits and, not first, '.', '_', '-' or '+'"#
    ),
    ("version", 1, "version: expected string, found integer 1"),
    ("surprise", 1, #"document: unknown key "surprise""#),
    ("behaviour", ["x"], "behaviour[0]: expected object, found string"),
    ("behaviour", [behaviour("cases", nil)], #"behaviour[0]: key "cases" is missing"#),
    ("behaviour", [behaviour("rate", 0.5)], #"behaviour[0]: unknown key "rate""#),
    (
      "behaviour", [behaviour("name", "")],
      #"behaviour[0].name: "" is not allowed, a name has 1 to 256 bytes, without controls, byte order marks and marks of writing direction"#
    ),
    (
      "behaviour", [behaviour(), behaviour()],
      #"behaviour[1].name: "negation" is not allowed, each suite is recorded once"#
    ),
    (
      "behaviour", [behaviour("cases", 0)],
      "behaviour[0].cases: expected an integer from 1 to 1073741824, found 0"
    ),
    (
      "behaviour", [behaviour("failures", 41)],
      "behaviour[0].failures: expected an integer from 0 to 40, found 41"
    ),
    (
      "behaviour", [behaviour("sha256", "AB")],
      #"behaviour[0].sha256: "AB" is not allowed, a digest has 64 lower-case hexadecimal digits"#
    ),
    (
      "task.type", "magic",
      #"task.type: expected "classification" or "ordinal" or "regression", found "magic""#
    ),
    ("task.labels", [], "task.labels: a classifier needs at least one label, found none"),
    ("task.labels", "a", "task.labels: expected array, found string"),
    ("task.labels", ["a", "a"], #"task.labels: "a" appears twice"#),
    (
      "task.labels", ["a", ""],
      #"task.labels[1]: "" is not allowed, a label has 1 to 256 bytes, without controls, byte order marks and marks of writing direction"#
    ),
    (
      "task.labels", ["a", "b\r\nc"],
      #"task.labels[1]: "b\r\nc" is not allowed, a label has 1 to 256 bytes, without controls, byte order marks and marks of writing direction"#
    ),
    (
      "task.labels", ["a", "\u{1b}[31m"],
      #"task.labels[1]: "\u{1b}[31m" is not allowed, a label has 1 to 256 bytes, without controls, byte order marks and marks of writing direction"#
    ),
    ("task.labels", ["a", 1], "task.labels[1]: expected string, found integer 1"),
    ("task.ratings", [1.0], "task.ratings: 1 does not agree with task.labels, which has 2"),
    ("tokenizer.size", 0, "tokenizer.size: expected an integer from 1 to 2000000, found 0"),
    ("tokenizer.size", 2_000_001, "tokenizer.size: expected an integer from 1 to 2000000, found 2000001"),
    ("tokenizer.maxTokens", 0, "tokenizer.maxTokens: expected an integer from 1 to 1073741824, found 0"),
    ("tokenizer.specials.pad", -1, "tokenizer.specials.pad: expected an integer from 0 to 1999999, found -1"),
    ("model.embedding.dim", 0, "model.embedding.dim: expected an integer from 1 to 65536, found 0"),
    ("model.embedding.dim", 65_537, "model.embedding.dim: expected an integer from 1 to 65536, found 65537"),
    ("model.encoder.layers", 0, "model.encoder.layers: expected an integer from 1 to 64, found 0"),
    ("model.encoder.layers", -1, "model.encoder.layers: expected an integer from 1 to 64, found -1"),
    ("model.encoder.layers", 65, "model.encoder.layers: expected an integer from 1 to 64, found 65"),
    (
      "model.encoder.layers", 1_000_000_000,
      "model.encoder.layers: expected an integer from 1 to 64, found 1000000000"
    ),
    ("model.encoder.layers", 2.5, "model.encoder.layers: expected integer, found number 2.5"),
    ("model.encoder.layers", "2", "model.encoder.layers: expected integer, found string"),
    (
      "model.encoder.direction", "up",
      #"model.encoder.direction: expected "forward" or "backward" or "both", found "up""#
    ),
    (
      "model.encoder.initialState", "x",
      #"model.encoder.initialState: expected "zero" or "learned", found "x""#
    ),
    ("model.encoder.cellClip", -1, "model.encoder.cellClip: expected a number above 0, found -1.0"),
    ("model.encoder.cell", nil, #"model.encoder: key "cell" is missing"#),
    (
      "model.encoder.cell.id", "",
      #"model.encoder.cell.id: "" is not allowed, a name has 1 to 256 bytes, without controls, byte order marks and marks of writing direction"#
    ),
    (
      "model.encoder.cell.version", 0,
      "model.encoder.cell.version: expected an integer from 1 to 2147483647, found 0"
    ),
    ("model.encoder.cell.config", [], "model.encoder.cell.config: expected object, found array"),
    (
      "model.encoder.cell.config.hidden", 0,
      "model.encoder.cell.config.hidden: expected an integer from 1 to 65536, found 0"
    ),
    (
      "model.encoder.cell.config.hidden", .integer(1 << 31),
      "model.encoder.cell.config.hidden: expected an integer from 1 to 65536, found 2147483648"
    ),
    (
      "model.encoder.cell.config.hidden", .integer(1 << 62),
      "model.encoder.cell.config.hidden: expected an integer from 1 to 65536, found 4611686018427387904"
    ),
    (
      "model.encoder.cell.config.hidden", 2.5,
      "model.encoder.cell.config.hidden: expected integer, found number"
    ),
    ("model.readout.dropout", 1.5, "model.readout.dropout: expected a number from 0 to 1, found 1.5"),
    (
      "model.readout.hidden", [8, 0], "model.readout.hidden[1]: expected an integer from 1 to 65536, found 0"
    ),
    (
      "model.readout.hidden", .array([JSONValue](repeating: 1, count: 17)),
      "model.readout.hidden: 17 entries (limit 16)"
    ),
    (
      "model.output.calibration.t", 0.009,
      "model.output.calibration.t: expected a number from 0.01 to 100.0, found 0.009"
    ),
    (
      "model.output.calibration.t", 100.1,
      "model.output.calibration.t: expected a number from 0.01 to 100.0, found 100.1"
    ),
    (
      "model.output.thresholds", [0.5],
      "model.output.thresholds: 1 does not agree with task.labels, which has 2"
    ),
    ("model.parameters", 0, "model.parameters: expected an integer from 1 to 1099511627776, found 0"),
    ("model.dtype", "bf16", #"model.dtype: made by a newer version, which stored "bf16" here"#),
    (
      "model.dtype", "i8",
      #"model.dtype: "i8" is not allowed, i8 goes with model.quantization, others without"#
    ),
    (
      "model.quantization", int8(),
      #"model.dtype: "f32" is not allowed, i8 goes with model.quantization, others without"#
    ),
    ("model.quantization", ["type": "int8"], #"model.quantization: key "granularity" is missing"#),
    ("files.evil", ["sha256": "", "size": 1], #"files: "evil" is no file of a package"#),
  ]

  @Test(arguments: broken)
  func brokenRulesAreNamed(_ path: String, _ value: JSONValue?, _ message: String) throws {
    #expect(refusal(try changed(path, value))?.description == message)
  }

  @Test func tooManyOrTooLongLabelsAreRefused() throws {
    let long = String(repeating: "l", count: 257)
    #expect(refusal(try changed("task.labels", ["a", .string(long)])) != nil)
    #expect(
      try Manifest(changed("task.labels", ["a", .string(String(long.dropLast()))])).task.labels.count == 2)
    let many = JSONValue.array((0...65_536).map { .string("\($0)") })
    #expect(
      refusal(try changed("task.labels", many)) == .count(path: "task.labels", found: 65_537, limit: 65_536))
  }

  @Test func labelsThatDifferInBytesAreKeptApart() throws {
    let manifest = try Manifest(changed("task.labels", ["\u{e9}", "e\u{301}"]))
    #expect(manifest.task.labels.count == 2)
  }

  @Test func aRegressionNeedsNoLabels() throws {
    let value = try changed("task", ["type": "regression", "labels": []])
    #expect(try Manifest(value).task.labels.isEmpty)
  }

  private static let records: [(JSONValue, String)] = [
    (
      ["sha256": "00", "size": 1],
      #"files.LICENSE.sha256: "00" is not allowed, a digest has 64 lower-case hexadecimal digits"#
    ),
    (
      ["sha256": .string(String(repeating: "G", count: 64)), "size": 1],
      #"files.LICENSE.sha256: "GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG" is not allowed, a digest has 64 lower-case hexadecimal digits"#
    ),
    (
      ["sha256": .string(String(repeating: "0", count: 64)), "size": -1],
      "files.LICENSE.size: expected an integer from 0 to 1048576, found -1"
    ),
    (
      ["sha256": .string(String(repeating: "0", count: 64)), "size": 1_048_577],
      "files.LICENSE.size: expected an integer from 0 to 1048576, found 1048577"
    ),
    (["size": 1], #"files.LICENSE: key "sha256" is missing"#),
    ("path", "files.LICENSE: expected object, found string"),
  ]

  @Test(arguments: records)
  func theTableOfFilesIsChecked(_ record: JSONValue, _ message: String) throws {
    #expect(refusal(try changed("files.LICENSE", record))?.description == message)
  }

  @Test(arguments: ["manifest.json", "manifest.sig", "../x", "/etc/passwd", "https://example.org/w", ""])
  func theTableHoldsPlainKnownNamesOnly(_ name: String) throws {
    var value = try #require(try changed("name", "x").objectValue)
    var files = try #require(value["files"]?.objectValue)
    files[name] = ["sha256": .string(String(repeating: "0", count: 64)), "size": 1]
    value["files"] = .object(files)
    #expect(refusal(.object(value)) == .fileName(name))
  }

  // MARK: Writing

  @Test func theBytesAreCanonical() throws {
    let manifest = try PackageFixture.package().manifest
    let bytes = try manifest.canonicalBytes()
    #expect(bytes == (try JSONValue(parsing: bytes).canonicalBytes()))
    #expect(try Manifest(parsing: bytes) == manifest)
    // The same document spelt otherwise.
    let pretty = try JSONValue(parsing: bytes).prettyBytes()
    #expect(try Manifest(parsing: pretty).canonicalBytes() == bytes)
  }

  @Test func privateKeysAreKept() throws {
    var value = try changed("x-build", ["host": "a", "list": [1, 2.50]])
    value = replace(["model", "x-note"], in: value, by: "kept")
    value = replace(["model", "encoder", "cell", "x-"], in: value, by: [nil])
    value = replace(
      ["evaluation"], in: value,
      by: [
        ["data": ["name": "d", "x-where": "here"], "metrics": ["accuracy": 0.5]],
        ["data": ["name": "e"], "metrics": [:]],
      ])
    let manifest = try Manifest(value)
    #expect(try manifest.jsonValue() == value)
    #expect(try Manifest(parsing: manifest.canonicalBytes()) == manifest)
    var other = manifest
    other.evaluation = nil
    #expect(try other.jsonValue()["x-build"] != nil)
    #expect(try other.jsonValue()["model"]?["x-note"] == "kept")
  }

  /// Remarks on an element of a list stay with what it says, wherever it stands.
  @Test func remarksFollowTheirElementAndNoOther() throws {
    let value = replace(
      ["evaluation"], in: try changed("name", "sentiment"),
      by: [
        ["data": ["name": "a", "rows": 2], "metrics": ["accuracy": 1], "command": nil, "x-note": "laptop"],
        ["data": ["name": "b", "x-where": "here"], "metrics": [:]],
        ["data": ["name": "c"], "metrics": [:]],
      ])
    var manifest = try Manifest(value)
    let rows = try #require(manifest.evaluation)
    // Another measurement under the name of the first.
    var again = rows[0]
    again.metrics["accuracy"] = 0.5
    manifest.evaluation = [rows[1], rows[2], again]
    let written = try #require(try manifest.jsonValue()["evaluation"]?.arrayValue)
    #expect(written[0]["data"]?["x-where"] == "here")
    #expect(written.allSatisfy { $0["x-note"] == nil } && written[2]["data"]?["x-where"] == nil)
    manifest.evaluation = [rows[1], rows[0]]
    let turned = try #require(try manifest.jsonValue()["evaluation"]?.arrayValue)
    #expect(turned[1]["x-note"] == "laptop" && turned[0]["x-note"] == nil)
  }

  /// Of elements that say the same, each keeps its own.
  @Test func remarksOnEqualElementsAreAllKept() throws {
    let value = replace(
      ["training"], in: try changed("name", "sentiment"),
      by: ["data": [["name": "d", "x-part": 1], ["name": "d"], ["name": "d", "x-part": 2]]])
    let written = try Manifest(value).jsonValue()["training"]?["data"]?.arrayValue
    #expect(written?.compactMap { $0["x-part"] } == [1, 2])
  }

  /// Names of figures, and documents of others that a manifest holds, are no remarks on the manifest.
  @Test func keysThatAreDataAreNoRemarks() throws {
    var value = replace(
      ["evaluation"], in: try changed("name", "sentiment"),
      by: [["data": ["name": "a"], "metrics": ["x-cost": 2.5, "accuracy": 0.5]]])
    value = replace(
      ["provenance"], in: value, by: ["baseModel": ["name": "old", "x-note": "of the old"], "x-mine": true])
    var manifest = try Manifest(value)
    #expect(try manifest.jsonValue() == value)
    manifest.evaluation?[0].metrics["x-cost"] = nil
    manifest.provenance?.baseModel = ["name": "new"]
    let written = try manifest.jsonValue()
    #expect(written["evaluation"]?.arrayValue?[0]["metrics"] == ["accuracy": 0.5])
    #expect(written["provenance"] == ["baseModel": ["name": "new"], "x-mine": true])
  }

  @Test func everythingOptionalIsWrittenBack() throws {
    var manifest = PackageFixture.manifest()
    manifest.tags = ["a"]
    manifest.authors = ["b"]
    manifest.homepage = "https://example.org"
    manifest.training = Manifest.Training(
      seed: 7, config: ["epochs": 8], epochs: 8, bestEpoch: 5, selectedBy: "valid.macroF1",
      data: [Manifest.DataSource(name: "d", url: "u", license: "l", rows: 1, sha256: "s")], wallSeconds: 412,
      threads: 2,
      platform: "linux-x86_64")
    manifest.evaluation = [
      Manifest.Evaluation(
        data: Manifest.DataSource(name: "t"), metrics: ["accuracy": 0.8925, "ece": 0.012],
        perClass: ["negative": Manifest.ClassMetrics(precision: 1, recall: 0.5, f1: 0.667, support: 2)],
        confusion: [[1, 1], [0, 2]], command: "rnnpkg test")
    ]
    manifest.speed = Manifest.Speed(textsPerSecond: 6_100, threads: 2, cpu: "c", meanTokens: 231)
    manifest.card = Manifest.Card(intendedUse: "i", limitations: "l", bias: "b", outOfScope: "o")
    manifest.provenance = Manifest.Provenance(
      created: "2026-01-01T00:00:00Z", baseModel: "m@1", convertedFrom: ["a": 1])
    manifest.model.output.conformal = Manifest.Conformal(alpha: 0.05, quantile: 0.93)
    manifest.model.output.abstainBelow = 0.7
    manifest.model.output.thresholds = [0.5, 0.4]
    #expect(try Manifest(parsing: manifest.canonicalBytes()) == manifest)
    #expect(manifest.reference == "sentiment@1.2.0")
  }

  @Test func aConfusionMatrixHasARowAndAColumnForEachLabel() throws {
    let evaluation: JSONValue = [["data": ["name": "t"], "metrics": [:], "confusion": [[1, 2], [3]]]]
    #expect(
      refusal(try changed("evaluation", evaluation))?.description
        == "evaluation[0].confusion: 1 does not agree with task.labels, which has 2")
  }

  @Test func nullStandsForAbsent() throws {
    let value = try changed("provenance", ["created": nil, "baseModel": nil, "convertedFrom": nil])
    #expect(try Manifest(value).provenance == Manifest.Provenance())
    #expect(try Manifest(changed("model.quantization", .null)).model.quantization == nil)
  }

  // MARK: Quantisation

  @Test func int8IsReadAndWritten() throws {
    var manifest = PackageFixture.manifest()
    manifest.model.dtype = .i8
    manifest.model.quantization = .int8
    let bytes = try manifest.canonicalBytes()
    #expect(try Manifest(parsing: bytes) == manifest)
    #expect(try JSONValue(parsing: bytes)["model"]?["quantization"] == Self.int8())
    var other = manifest
    other.model.quantization?.version = 2
    #expect(throws: ManifestError.newerFeature(path: "model.quantization", found: "\"int8\"")) {
      try other.canonicalBytes()
    }
  }

  private static let newer: [(JSONValue, String)] = [
    ("int8", "model.quantization: made by a newer version, which stored string here"),
    (
      int8("type", "int4"),
      #"model.quantization.type: made by a newer version, which stored "int4" here"#
    ),
    (int8("version", 2), "model.quantization.version: made by a newer version, which stored 2 here"),
    (int8("version", 1.0), "model.quantization.version: made by a newer version, which stored number here"),
    (
      int8("granularity", ["block": 32]),
      "model.quantization.granularity: made by a newer version, which stored object here"
    ),
    (
      int8("zero\u{1b}point", 3),
      #"model.quantization: made by a newer version, which stored the key "zero\u{1b}point" here"#
    ),
  ]

  @Test(arguments: newer)
  func otherQuantisationsAreOfANewerVersion(_ value: JSONValue, _ message: String) throws {
    let error = refusal(try changed("model.quantization", value))
    #expect(error?.description == message)
    if let error { #expect(PackageError.manifest(error).category == .newer) }
  }

  @Test func remarksMayStandInAQuantisation() throws {
    let value = replace(
      ["model", "quantization"], in: try changed("model.dtype", "i8"), by: Self.int8("x-tool", "mine"))
    let manifest = try Manifest(value)
    #expect(manifest.model.quantization == .int8)
    #expect(try manifest.jsonValue()["model"]?["quantization"]?["x-tool"] == "mine")
  }
}
