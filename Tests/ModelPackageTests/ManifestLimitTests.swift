import ModelPackage
import StrictJSON
import Testing

/// Every limit of a manifest, at the limit and one beyond it.
@Suite struct ManifestLimitTests: ManifestRefusals {
  private static let digest = JSONValue.string(String(repeating: "0", count: 64))

  private static func object(_ value: JSONValue) -> JSONObject { value.objectValue ?? JSONObject() }

  private static func text(_ count: Int) -> JSONValue { .string(String(repeating: "w", count: count)) }

  /// A place for an integer: what to replace, by what, and the path that the message names.
  struct Place: Sendable, CustomTestStringConvertible {
    let named: String
    let range: ClosedRange<Int>
    let replaced: String
    let value: @Sendable (Int) -> JSONValue
    var testDescription: String { "\(named) \(range)" }

    init(
      _ named: String, _ range: ClosedRange<Int>, in replaced: String? = nil,
      _ value: @escaping @Sendable (Int) -> JSONValue = { .integer(Int64($0)) }
    ) {
      self.named = named
      self.range = range
      self.replaced = replaced ?? named
      self.value = value
    }
  }

  private static func partner(_ key: String, _ value: JSONValue) -> JSONValue {
    var partner = object([
      "kind": "nb-ngrams", "version": 1, "orders": 2, "hash": "fnv1a64-chain", "features": 10,
      "stack": ["network": 1.0, "partner": 1.0, "bias": [0.0, 0.0]],
    ])
    partner[key] = value
    return .object(partner)
  }

  private static func suite(cases: Int, failures: Int = 0) -> JSONValue {
    [
      [
        "name": "negation", "cases": .integer(Int64(cases)), "failures": .integer(Int64(failures)),
        "sha256": digest,
      ]
    ]
  }

  private static let places: [Place] = [
    Place("tokenizer.version", 1...Int(Int32.max)), Place("tokenizer.size", 1...2_000_000),
    Place("tokenizer.minDocuments", 0...Int(Int32.max)), Place("tokenizer.maxTokens", 1...1 << 30),
    Place("tokenizer.specials.pad", 0...1_999_999), Place("tokenizer.specials.unknown", 0...1_999_999),
    Place("tokenizer.specials.begin", 0...1_999_999), Place("tokenizer.specials.end", 0...1_999_999),
    Place("model.embedding.dim", 1...65_536), Place("model.encoder.layers", 1...64),
    Place("model.encoder.cell.version", 1...Int(Int32.max)),
    Place("model.encoder.cell.config.hidden", 1...65_536),
    Place("model.readout.hidden[1]", 1...65_536, in: "model.readout.hidden") { [1, .integer(Int64($0))] },
    Place("model.parameters", 1...1 << 40),
    Place("model.encoder.running.length", 1...65_536, in: "model.encoder.running") {
      ["kind": "chopped", "length": .integer(Int64($0))]
    },
    Place("model.encoder.running.length", 1...256, in: "model.encoder.running") {
      ["kind": "windowed", "length": .integer(Int64($0))]
    },
    Place("model.partner.orders", 1...5, in: "model.partner") { partner("orders", .integer(Int64($0))) },
    Place("model.partner.features", 1...1 << 26, in: "model.partner") {
      partner("features", .integer(Int64($0)))
    },
    Place("model.partner.minDocuments", 1...Int(Int32.max), in: "model.partner") {
      partner("minDocuments", .integer(Int64($0)))
    },
    Place("model.partner.stack.partnerMinLength", 1...1 << 30, in: "model.partner") {
      let bias: JSONValue = [0, 0]
      return partner(
        "stack",
        ["network": 1, "partner": 1, "bias": bias, "partnerMinLength": .integer(Int64($0))])
    },
    Place("behaviour[0].cases", 1...1 << 30, in: "behaviour") { suite(cases: $0) },
    Place("behaviour[0].failures", 0...40, in: "behaviour") { suite(cases: 40, failures: $0) },
  ]

  @Test(arguments: places)
  func integersHoldAtTheirLimitsAndNotBeyond(_ place: Place) throws {
    let (low, high) = (place.range.lowerBound, place.range.upperBound)
    for number in [low, low + 1, high - 1, high] {
      #expect(throws: Never.self, "\(number)") {
        try Manifest(changed(place.replaced, place.value(number)))
      }
    }
    for number in [low - 1, high + 1] {
      #expect(
        refusal(try changed(place.replaced, place.value(number)))
          == .number(path: place.named, found: "\(number)", expected: "an integer from \(low) to \(high)"))
    }
  }

  @Test(arguments: PackageMember.allCases.filter(\.isListed))
  func sizesOfFilesHoldAtTheLimitsOfTheFiles(_ member: PackageMember) throws {
    var value = try #require(changed("name", "x").objectValue)
    var files = try #require(value["files"]?.objectValue)
    for (size, isAllowed) in [
      (-1, false), (0, true), (member.sizeLimit, true), (member.sizeLimit + 1, false),
    ] {
      files[member.rawValue] = ["sha256": Self.digest, "size": .integer(Int64(size))]
      value["files"] = .object(files)
      if isAllowed {
        #expect(try Manifest(.object(value)).files[member.rawValue]?.size == size)
      } else {
        #expect(
          refusal(.object(value))
            == .number(
              path: "files.\(member.rawValue).size", found: "\(size)",
              expected: "an integer from 0 to \(member.sizeLimit)"))
      }
    }
  }

  @Test(arguments: [
    ("model.readout.dropout", "model.readout.dropout"),
    ("model.output.abstainBelow", "model.output.abstainBelow"),
    ("model.output.conformal", "model.output.conformal.alpha"),
  ])
  func fractionsAreFromZeroToOne(_ replaced: String, _ path: String) throws {
    func value(_ number: Double) -> JSONValue {
      replaced == path ? .number(number) : ["alpha": .number(number), "quantile": 0.5]
    }
    for number in [0, 0.5, 1] {
      #expect(throws: Never.self, "\(number)") { try Manifest(changed(replaced, value(number))) }
    }
    for number in [-0.001, 1.001, 2] {
      #expect(
        refusal(try changed(replaced, value(number)))
          == .number(path: path, found: "\(number)", expected: "a number from 0 to 1"))
    }
  }

  @Test func aCellClipIsAboveZero() throws {
    let path = "model.encoder.cellClip"
    #expect(try Manifest(changed(path, 1e-300)).model.encoder.cellClip == 1e-300)
    #expect(
      refusal(try changed(path, 0.0)) == .number(path: path, found: "0.0", expected: "a number above 0"))
    var manifest = PackageFixture.manifest()
    manifest.model.encoder.cellClip = .infinity
    #expect(throws: ManifestError.number(path: path, found: "inf", expected: "a number above 0")) {
      try manifest.validate()
    }
  }

  @Test func temperaturesHoldAtTheirLimits() throws {
    for t in [0.01, 100] {
      let value = try changed("model.output.calibration.t", .number(t))
      #expect(try Manifest(value).model.output.calibration?.t == t)
    }
  }

  @Test func aStacksNumbersHoldAtTheirLimit() throws {
    for (key, path) in [
      ("network", "network"), ("partner", "partner"), ("bias", "bias[1]"),
      ("networkByLength", "networkByLength"),
      ("partnerByLength", "partnerByLength"),
    ] {
      for (number, isAllowed) in [(1e6, true), (-1e6, true), (1_000_000.5, false), (-1_000_000.5, false)] {
        var stack = Self.object(["network": 1.0, "partner": 1.0, "bias": [0.0, 0.0]])
        stack[key] = key == "bias" ? [0.0, .number(number)] : .number(number)
        var partner = Self.object(Self.partner("orders", 2))
        partner["stack"] = .object(stack)
        let value = try changed("model.partner", .object(partner))
        if isAllowed {
          #expect(throws: Never.self) { try Manifest(value) }
        } else {
          #expect(
            refusal(value)
              == .number(
                path: "model.partner.stack.\(path)", found: "\(number)",
                expected: "a number of at most 1000000.0"))
        }
      }
    }
  }

  @Test func aPartnerNeedsTwoLabels() throws {
    var manifest = PackageFixture.manifest()
    manifest.task.labels = ["one"]
    manifest.model.partner = Manifest.Partner(
      orders: 2, features: 10, stack: .init(network: 1, partner: 1, bias: [0]))
    #expect(
      throws: ManifestError.number(
        path: "task.labels", found: "1", expected: "two or more beside a partner")
    ) { try manifest.validate() }
  }

  // MARK: Words

  private static let words: [Place] = [
    Place("tokenizer.type", 1...256, text), Place("tokenizer.normalization", 1...256, text),
    Place("tokenizer.case", 1...256, text), Place("tokenizer.truncate", 1...256, text),
    Place("tokenizer.fingerprint", 1...256, text), Place("model.readout.type", 1...256, text),
    Place("model.encoder.cell.id", 1...256, text), Place("model.encoder.cell.biases", 1...256, text),
    Place("model.encoder.cell.gates[1]", 1...256, in: "model.encoder.cell.gates") { ["g", text($0)] },
    Place("model.output.activation", 1...256, text),
    Place("model.output.calibration.method", 1...256, text),
    Place("behaviour[0].name", 1...256, in: "behaviour") {
      [["name": text($0), "cases": 1, "failures": 0, "sha256": digest]]
    },
  ]

  @Test(arguments: words)
  func wordsHoldAtTheirLimitAndNotBeyond(_ place: Place) throws {
    for count in [1, 256] {
      #expect(throws: Never.self, "\(count)") {
        try Manifest(changed(place.replaced, place.value(count)))
      }
    }
    for count in [0, 257] {
      #expect(
        refusal(try changed(place.replaced, place.value(count)))
          == .text(
            path: place.named, found: String(repeating: "w", count: count),
            rule:
              "a name has 1 to 256 bytes, without controls, byte order marks and marks of writing direction"))
    }
  }

  @Test func wordsHaveNoControls() throws {
    for word in [
      "a\u{7}", "\n", "a\u{2028}b", "\u{202a}", "a\u{202e}b", "\u{2066}", "\u{2069}", "\u{feff}a",
    ] {
      #expect(
        refusal(try changed("tokenizer.type", .string(word)))
          == .text(
            path: "tokenizer.type", found: word,
            rule:
              "a name has 1 to 256 bytes, without controls, byte order marks and marks of writing direction"))
    }
    // Their neighbours: a narrow space, and marks that neither show nor turn anything.
    for word in ["a\u{202f}b", "a\u{2065}b", "a\u{206a}b"] {
      #expect(try Manifest(changed("tokenizer.type", .string(word))).tokenizer.type == word)
    }
  }

  @Test(arguments: [("name", 128), ("version", 64)])
  func wordsOfFileNamesHoldAtTheirLimitAndNotBeyond(_ path: String, _ limit: Int) throws {
    #expect(throws: Never.self) { try Manifest(changed(path, Self.text(limit))) }
    guard case .text(path, _, _)? = refusal(try changed(path, Self.text(limit + 1))) else {
      Issue.record("\(limit + 1) bytes were not refused")
      return
    }
  }

  @Test func labelsHoldAtTheirLimits() throws {
    #expect(try Manifest(changed("task.labels", ["a", Self.text(256)])).task.labels.count == 2)
    guard case .text("task.labels[1]", _, _)? = refusal(try changed("task.labels", ["a", Self.text(257)]))
    else {
      Issue.record("a label of 257 bytes was not refused")
      return
    }
    let most = JSONValue.array((1...65_536).map { .string("\($0)") })
    #expect(try Manifest(changed("task.labels", most)).task.labels.count == 65_536)
  }

  // MARK: Lists

  @Test(arguments: [("model.encoder.cell.gates", 64), ("model.readout.hidden", 16), ("behaviour", 1_024)])
  func listsHoldAtTheirLimitAndNotBeyond(_ path: String, _ limit: Int) throws {
    func list(_ count: Int) -> JSONValue {
      .array(
        (0..<count).map { index in
          switch path {
          case "behaviour": ["name": .string("s\(index)"), "cases": 1, "failures": 0, "sha256": Self.digest]
          case "model.readout.hidden": 1
          default: "g"
          }
        })
    }
    #expect(throws: Never.self) { try Manifest(changed(path, list(limit))) }
    #expect(
      refusal(try changed(path, list(limit + 1))) == .count(path: path, found: limit + 1, limit: limit))
  }

  // MARK: The document

  @Test func theDocumentHoldsAtItsLimitAndNotBeyond() throws {
    let bytes = try PackageFixture.package().manifestBytes
    let spaces = [UInt8](repeating: 0x20, count: (1 << 20) - bytes.count)
    #expect(try Manifest(parsing: bytes + spaces).name == "sentiment")
    #expect(throws: ManifestError.tooLarge(bytes: (1 << 20) + 1, limit: 1 << 20)) {
      try Manifest(parsing: bytes + spaces + [0x20])
    }
  }

  @Test func whatIsWrittenHoldsAtTheLimitAndNotBeyond() throws {
    var manifest = PackageFixture.manifest()
    manifest.summary = ""
    let room = (1 << 20) - (try manifest.canonicalBytes().count)
    manifest.summary = String(repeating: "s", count: room)
    #expect(try manifest.canonicalBytes().count == 1 << 20)
    manifest.summary?.append("s")
    #expect(throws: ManifestError.tooLarge(bytes: (1 << 20) + 1, limit: 1 << 20)) {
      try manifest.canonicalBytes()
    }
  }

  @Test func nestingHoldsAtItsLimitAndNotBeyond() throws {
    func document(_ depth: Int) throws -> [UInt8] {
      // The document itself is the first level.
      let nested = String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1)
      let text = String(decoding: try PackageFixture.package().manifestBytes, as: UTF8.self)
      return Array("{\"x-deep\":\(nested),\(text.dropFirst())".utf8)
    }
    #expect(throws: Never.self) { try Manifest(parsing: document(32)) }
    let error = #expect(throws: ManifestError.self) { try Manifest(parsing: document(33)) }
    #expect(
      error?.description == "line 1, column 42: arrays and objects nest too deeply (limit 32)")
  }

  /// What no document can bring, since reading it asks first, is refused in a manifest that a program made.
  @Test func whatIsSetInMemoryIsChecked() {
    func refusal(_ change: (inout Manifest) -> Void) -> ManifestError? {
      var manifest = PackageFixture.manifest()
      manifest.model.partner = Manifest.Partner(
        orders: 2, features: 10, stack: .init(network: 1, partner: 1, bias: [0, 0]))
      change(&manifest)
      do throws(ManifestError) {
        try manifest.validate()
        return nil
      } catch { return error }
    }
    #expect(refusal { _ in } == nil)
    #expect(refusal { $0.format = "rnnpkg/2" } == .formatUnknown(found: "rnnpkg/2"))
    #expect(
      refusal { $0.engine.min = "9.0" } == .newerEngine(needed: "9.0", found: EngineVersion.current))
    #expect(refusal { $0.model.dtype = .u8 } == .newerFeature(path: "model.dtype", found: "\"u8\""))
    #expect(
      refusal { $0.model.partner?.kind = "svm" }
        == .newerFeature(path: "model.partner.kind", found: "\"svm\""))
    #expect(
      refusal { $0.model.partner?.hash = "xxh3" }
        == .newerFeature(path: "model.partner.hash", found: "\"xxh3\""))
    #expect(
      refusal { $0.model.partner?.version = 2 } == .newerFeature(path: "model.partner.version", found: "2"))
  }

  @Test(arguments: [1, 19, 20, 40, 41, 1_000])
  func formatsOfManyDigitsAreOfANewerVersion(digits: Int) throws {
    let format = "rnnpkg/" + String(repeating: "9", count: digits)
    #expect(
      refusal(try changed("format", .string(format)))
        == .newerFormat(found: String(repeating: "9", count: min(digits, 20)), supported: 1))
  }
}
