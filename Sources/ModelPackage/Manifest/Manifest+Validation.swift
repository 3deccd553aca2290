import StrictJSON

extension Manifest {
  /// Checks every rule that the manifest alone can break. Sizes are checked here, before anything is made from them.
  public func validate() throws(ManifestError) {
    guard format == Self.currentFormat else { throw .formatUnknown(found: format) }
    try Self.checkFileWord(name, "name", limit: Limits.nameBytes, isLowerCase: true)
    try Self.checkFileWord(version, "version", limit: Limits.versionBytes, isLowerCase: false)
    try Self.checkEngine(engine.min)
    try validateTask()
    try validateTokenizer()
    try validateModel()
    try validatePartner()
    try validateEvaluation()
    try validateBehaviour()
    try validateFiles()
  }

  private func validateTask() throws(ManifestError) {
    let labels = task.labels
    guard labels.count <= Limits.labels else {
      throw .count(path: "task.labels", found: labels.count, limit: Limits.labels)
    }
    guard !labels.isEmpty || task.type == .regression else { throw .noLabels }
    var seen: Set<[UInt8]> = []
    for (index, label) in labels.enumerated() {
      guard Self.isLabel(label) else {
        throw .text(path: "task.labels[\(index)]", found: label, rule: "a label has \(Self.labelRule)")
      }
      guard seen.insert(Array(label.utf8)).inserted else { throw .duplicateLabel(label) }
    }
    if let ratings = task.ratings, ratings.count != labels.count {
      throw .mismatch(
        path: "task.ratings", found: ratings.count, other: "task.labels", expected: labels.count)
    }
  }

  private func validateTokenizer() throws(ManifestError) {
    try Self.checkWord(tokenizer.type, "tokenizer.type")
    try Self.check(tokenizer.version, "tokenizer.version", 1...Int(Int32.max))
    for (word, path) in [
      (tokenizer.normalization, "tokenizer.normalization"), (tokenizer.letterCase, "tokenizer.case"),
      (tokenizer.truncate, "tokenizer.truncate"), (tokenizer.fingerprint, "tokenizer.fingerprint"),
    ] {
      if let word { try Self.checkWord(word, path) }
    }
    try Self.check(tokenizer.size, "tokenizer.size", 1...Limits.vocabularyEntries)
    if let count = tokenizer.minDocuments {
      try Self.check(count, "tokenizer.minDocuments", 0...Int(Int32.max))
    }
    if let count = tokenizer.maxTokens { try Self.check(count, "tokenizer.maxTokens", 1...Limits.maxTokens) }
    if let specials = tokenizer.specials {
      for (id, path) in [
        (specials.pad, "pad"), (specials.unknown, "unknown"), (specials.begin, "begin"),
        (specials.end, "end"),
      ] { try Self.check(id, "tokenizer.specials.\(path)", 0...Limits.vocabularyEntries - 1) }
    }
  }

  private func validateModel() throws(ManifestError) {
    try Self.check(model.embedding.dim, "model.embedding.dim", 1...Limits.width)
    try validateEncoder()
    try Self.checkWord(model.readout.type, "model.readout.type")
    try Self.checkFraction(model.readout.dropout, "model.readout.dropout")
    if let hidden = model.readout.hidden {
      guard hidden.count <= Limits.denseLayers else {
        throw .count(path: "model.readout.hidden", found: hidden.count, limit: Limits.denseLayers)
      }
      for (index, size) in hidden.enumerated() {
        try Self.check(size, "model.readout.hidden[\(index)]", 1...Limits.width)
      }
    }
    try validateOutput()
    if let count = model.parameters { try Self.check(count, "model.parameters", 1...Limits.parameters) }
    if let quantization = model.quantization, quantization != .int8 {
      throw .newerFeature(path: "model.quantization", found: "\(EscapedText(quantization.type))")
    }
    guard model.dtype != .u8 else { throw .newerFeature(path: "model.dtype", found: "\"u8\"") }
    guard (model.dtype == .i8) == (model.quantization != nil) else {
      throw .text(
        path: "model.dtype", found: model.dtype.rawValue,
        rule: "i8 goes with model.quantization, others without")
    }
  }

  private func validateEncoder() throws(ManifestError) {
    let encoder = model.encoder
    try Self.check(encoder.layers, "model.encoder.layers", 1...Limits.layers)
    try Self.checkPositive(encoder.cellClip, "model.encoder.cellClip")
    try Self.checkWord(encoder.cell.id, "model.encoder.cell.id")
    try Self.check(encoder.cell.version, "model.encoder.cell.version", 1...Int(Int32.max))
    guard case .object(let config) = encoder.cell.config else {
      throw .decoding(
        .typeMismatch(
          path: "model.encoder.cell.config", expected: "object", found: encoder.cell.config.kindName))
    }
    // The one size that every cell has; what else is in here only the cell knows.
    if let hidden = config["hidden"] {
      guard case .integer(let size) = hidden else {
        throw .decoding(
          .typeMismatch(path: "model.encoder.cell.config.hidden", expected: "integer", found: hidden.kindName)
        )
      }
      try Self.check(Int(size), "model.encoder.cell.config.hidden", 1...Limits.width)
    }
    if let gates = encoder.cell.gates {
      guard gates.count <= Limits.gates else {
        throw .count(path: "model.encoder.cell.gates", found: gates.count, limit: Limits.gates)
      }
      for (index, gate) in gates.enumerated() {
        try Self.checkWord(gate, "model.encoder.cell.gates[\(index)]")
      }
    }
    if let biases = encoder.cell.biases { try Self.checkWord(biases, "model.encoder.cell.biases") }
    if let running = encoder.running { try Self.check(running) }
  }

  private static func check(_ running: Running) throws(ManifestError) {
    let path = "model.encoder.running"
    let limit: Int
    switch running.kind {
    case "continuous": limit = 0
    case "chopped": limit = Limits.pieceLength
    case "windowed": limit = Limits.windowLength
    default: throw .newerFeature(path: "\(path).kind", found: "\(EscapedText(running.kind))")
    }
    guard limit > 0 else {
      guard let length = running.length else { return }
      throw .number(path: "\(path).length", found: "\(length)", expected: "none for continuous")
    }
    guard let length = running.length else {
      throw .number(path: "\(path).length", found: "none", expected: "an integer from 1 to \(limit)")
    }
    try check(length, "\(path).length", 1...limit)
  }

  private func validateOutput() throws(ManifestError) {
    let output = model.output
    try Self.checkWord(output.activation, "model.output.activation")
    try Self.checkFraction(output.abstainBelow, "model.output.abstainBelow")
    if let calibration = output.calibration {
      try Self.checkWord(calibration.method, "model.output.calibration.method")
      if let t = calibration.t, !Limits.temperature.contains(t) {
        throw .number(
          path: "model.output.calibration.t", found: "\(t)",
          expected: "a number from \(Limits.temperature.lowerBound) to \(Limits.temperature.upperBound)")
      }
    }
    if let conformal = output.conformal {
      try Self.checkFraction(conformal.alpha, "model.output.conformal.alpha")
    }
    for (values, path) in [
      (output.calibration?.bias, "model.output.calibration.bias"),
      (output.thresholds, "model.output.thresholds"),
    ] {
      guard let values, values.count != task.labels.count else { continue }
      throw .mismatch(path: path, found: values.count, other: "task.labels", expected: task.labels.count)
    }
  }

  private func validateEvaluation() throws(ManifestError) {
    for (index, evaluation) in (evaluation ?? []).enumerated() {
      guard let confusion = evaluation.confusion, task.type != .regression else { continue }
      let labels = task.labels.count
      for rows in [confusion.count] + confusion.map(\.count) where rows != labels {
        throw .mismatch(
          path: "evaluation[\(index)].confusion", found: rows, other: "task.labels", expected: labels)
      }
    }
  }

  private func validateFiles() throws(ManifestError) {
    for entry in files.entries {
      guard let member = PackageMember(rawValue: entry.name), member.isListed else {
        throw .fileName(entry.name)
      }
      try Self.checkDigest(entry.value.sha256, "files.\(entry.name).sha256")
      try Self.check(entry.value.size, "files.\(entry.name).size", 0...member.sizeLimit)
    }
  }
}

// MARK: Rules

extension Manifest {
  static func check(_ value: Int, _ path: String, _ range: ClosedRange<Int>) throws(ManifestError) {
    guard range.contains(value) else {
      throw .number(
        path: path, found: "\(value)", expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  private static func checkFraction(_ value: Double?, _ path: String) throws(ManifestError) {
    guard let value, !(0...1).contains(value) else { return }
    throw .number(path: path, found: "\(value)", expected: "a number from 0 to 1")
  }

  private static func checkPositive(_ value: Double?, _ path: String) throws(ManifestError) {
    guard let value, !(value > 0 && value.isFinite) else { return }
    throw .number(path: path, found: "\(value)", expected: "a number above 0")
  }

  /// A version of the engine, and not above this one.
  static func checkEngine(_ version: String) throws(ManifestError) {
    guard let isEnough = EngineVersion.isAtLeast(version) else {
      throw .text(path: "engine.min", found: version, rule: "a version has one to three numbers, such as 1.0")
    }
    guard isEnough else { throw .newerEngine(needed: version, found: EngineVersion.current) }
  }

  /// A short name of something: not empty, printable.
  static func checkWord(_ word: String, _ path: String) throws(ManifestError) {
    guard !word.isEmpty, word.utf8.count <= Limits.wordBytes, !hasControls(word) else {
      throw .text(
        path: path, found: word, rule: "a name has 1 to \(Limits.wordBytes) bytes\(textRule)")
    }
  }

  /// A word that becomes part of a file name.
  private static func checkFileWord(
    _ word: String, _ path: String, limit: Int, isLowerCase: Bool
  ) throws(ManifestError) {
    let isValid =
      !word.isEmpty && word.utf8.count <= limit
      && word.utf8.enumerated().allSatisfy { index, byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): !isLowerCase
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): index > 0
        case UInt8(ascii: "+"): index > 0 && !isLowerCase
        default: false
        }
      }
    guard isValid else {
      let letters = isLowerCase ? "lower-case letters" : "letters"
      let marks = isLowerCase ? "'.', '_' or '-'" : "'.', '_', '-' or '+'"
      throw .text(
        path: path, found: word, rule: "use up to \(limit) \(letters), digits and, not first, \(marks)")
    }
  }

  /// Whether a package may have this label.
  package static func isLabel(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= Limits.labelBytes && !hasControls(text)
  }

  /// What `isLabel` asks for, in words that go on with "has".
  package static let labelRule = "1 to \(Limits.labelBytes) bytes\(textRule)"

  private static let textRule = ", without controls, byte order marks and marks of writing direction"

  /// Whether a terminal that shows a text could break its line or show something else: controls, separators of lines, the marks
  /// that turn the direction of writing, and the byte order mark, which shows nothing.
  static func hasControls(_ text: String) -> Bool {
    text.unicodeScalars.contains { scalar in
      switch scalar.value {
      case 0x202a...0x202e, 0x2066...0x2069, 0xfeff: return true
      default: break
      }
      return switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: true
      default: false
      }
    }
  }

  static func checkDigest(_ digest: String, _ path: String) throws(ManifestError) {
    guard digest.utf8.count == 64, digest.utf8.allSatisfy({ isHexDigit($0) }) else {
      throw .text(path: path, found: digest, rule: "a digest has 64 lower-case hexadecimal digits")
    }
  }

  static func isHexDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}
