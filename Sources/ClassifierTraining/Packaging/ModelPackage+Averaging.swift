import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import StrictJSON
import TextEncoding

extension ModelPackage {
  /// A package in an average, and what it counts.
  public struct Part: Sendable {
    /// Without its partner, which has no part in the mean.
    public var package: ModelPackage
    /// Within `shares`; what counts is its share of their sum.
    public var share: Double

    /// What a share may be: further apart, the smaller would round to nothing.
    public static let shares = 1e-6...1e6

    /// `share` is checked where the mean is taken.
    public init(_ package: ModelPackage, share: Double = 1) {
      self.package = package
      self.share = share
    }
  }

  /// One network whose every weight is the weighted mean of the parts' weights: θ = Σ s_k θ_k / Σ s_k.
  ///
  /// Sensible for networks that share a start, such as a fine-tuned package and the package that it started from: between
  /// them the mean keeps most of what one has learnt and most of what the other would lose. Of networks trained apart it is
  /// good for nothing. The outcome has the first part's vocabulary, name, version and way of storing weights (`f32` where
  /// those are integers); a word's vector is the mean over the parts that know it. Partners stay behind. Golden cases get the
  /// new answers; figures of the parts do not go along. The temperature is the weighted geometric mean of the parts', where
  /// that of a part with a partner, which belongs to both together, counts as 1; or it is fitted on `dev`.
  ///
  /// Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", arXiv:2109.01903, and "Model soups", arXiv:2203.05482.
  /// - Parameters:
  ///   - dev: labelled texts that calibrate the mean, and what the manifest says of them.
  /// - Throws: `AveragingError` for parts that cannot be loaded or do not fit each other.
  public static func average(
    of parts: [Part], dev: (texts: LabelledTexts, source: Manifest.DataSource)? = nil, pool: WorkerPool,
    cells: CellRegistry = .standard, readouts: ReadoutRegistry = .standard, kernels: KernelSet = .best
  ) throws -> (package: ModelPackage, report: ClassificationReport?) {
    guard let first = parts.first?.package, parts.count > 1 else {
      throw AveragingError.tooFew(parts.count)
    }
    for part in parts where !Part.shares.contains(part.share) {
      throw AveragingError.uselessShare(part.share)
    }
    // Bare networks, whose tensors loading checks to be those of their manifest.
    let classifiers = try zip(parts, 1...).map { part, number in
      do {
        return try Classifier(
          part.package.removingPartner(), cells: cells, readouts: readouts, kernels: kernels)
      } catch let error as ClassifierLoadError {
        throw AveragingError.unusable(number: number, error)
      }
    }
    if let label = dev?.texts.onlyLabel { throw AveragingError.oneLabel(label) }
    for (part, number) in zip(parts, 1...).dropFirst() {
      try first.manifest.requireAverage(with: part.package.manifest, number: number)
    }
    let sum = parts.reduce(0) { $0 + $1.share }
    let shares = parts.map { $0.share / sum }
    let file = TensorFile(
      tensors: try meanTensors(parts, classifiers, shares: shares), metadata: first.tensors.metadata)
    var manifest = try first.removingPartner().manifest
    manifest.becomeMean(of: parts, shares: shares)
    manifest.engine.min = manifest.oldestEngine(for: classifiers[0].network)
    let bare = try first.removingPartner().replacing(manifest, tensors: file, goldenCases: [])
    let classifier = try Classifier(bare, cells: cells, readouts: readouts, kernels: kernels)
    var report: ClassificationReport?
    if let dev {
      let logits = try classifier.classify(dev.texts.texts, pool: pool).map(\.logits)
      report = manifest.calibrate(on: logits, of: dev.texts, source: dev.source)
    }
    return (
      try bare.replacing(
        manifest, tensors: file, goldenCases: classifier.goldenCases(for: first.goldenCases.map(\.text))),
      report
    )
  }

  /// The network's tensors, each the mean of the parts'.
  private static func meanTensors(
    _ parts: [Part], _ classifiers: [Classifier], shares: [Double]
  ) throws -> [Tensor] {
    let vocabulary = classifiers[0].encoder.vocabulary
    // For each token of the first vocabulary, its row in each part's.
    let words = classifiers.map { classifier in
      (0..<vocabulary.count).map { id -> Int? in
        if id < Vocabulary.specialTokens.count { return id }
        return vocabulary.token(Int32(id)).flatMap { classifier.encoder.vocabulary.id(of: $0) }.map(Int.init)
      }
    }
    return try classifiers[0].network.parameterSpecs.map { spec in
      let tensors = try parts.indices.map { index in
        guard let tensor = parts[index].package.tensors[spec.name] else {
          throw AveragingError.different(
            number: index + 1, what: "set of tensors", found: "no \(spec.name)", wanted: "it")
        }
        return tensor
      }
      let isEmbedding = spec.name == "embedding.weight"
      // As the file will hold it: what is measured are the weights that are packed.
      return try Tensor(
        name: spec.name, shape: spec.shape, dtype: parts[0].package.manifest.model.dtype.ofMean,
        values: meanRows(
          tensors.map(\.values), rows: isEmbedding ? words : tensors.map { _ in [0] }, shares: shares,
          width: isEmbedding ? spec.shape[1] : tensors[0].count)
      ).storable().rounded()
    }
  }

  /// Σ s_k x_k row by row, over the parts that have the row, divided by their shares' sum.
  /// - Parameter rows: for each part and each row of the outcome, the part's row.
  private static func meanRows(
    _ values: [[Float]], rows: [[Int?]], shares: [Double], width: Int
  ) -> [Float] {
    var outcome: [Float] = []
    outcome.reserveCapacity(rows[0].count * width)
    for row in rows[0].indices {
      var total = 0.0
      var sums = [Double](repeating: 0, count: width)
      for part in values.indices {
        guard let start = rows[part][row].map({ $0 * width }) else { continue }
        total += shares[part]
        for column in 0..<width { sums[column] += shares[part] * Double(values[part][start + column]) }
      }
      outcome += sums.map { Float($0 / total) }
    }
    return outcome
  }
}

extension TensorType {
  /// How a mean is stored whose first part stores its weights so: it has no integers of its own.
  fileprivate var ofMean: TensorType { self == .i8 ? .f32 : self }
}

extension Manifest {
  /// What the network's logits are divided by. One beside a partner has no temperature of its own: that of the package was
  /// fitted to both together.
  private var networkTemperature: Double {
    model.partner == nil ? model.output.calibration?.t ?? 1 : 1
  }

  /// The manifest of the mean, from that of the first part without its partner.
  fileprivate mutating func becomeMean(of parts: [ModelPackage.Part], shares: [Double]) {
    model.dtype = model.dtype.ofMean
    model.quantization = nil
    engine.builtWith = EngineVersion.current
    engine.commit = nil
    evaluation = nil
    behaviour = nil
    speed = nil
    model.output.conformal = nil
    let manifests = parts.map(\.package.manifest)
    let meanLogarithm = zip(manifests, shares).reduce(0.0) {
      $0 + $1.1 * logarithm($1.0.networkTemperature)
    }
    model.output.calibration = .init(method: "temperature", t: exponential(meanLogarithm))
    var sources: [DataSource] = []
    for source in manifests.flatMap({ $0.training?.data ?? [] }) where !sources.contains(source) {
      sources.append(source)
    }
    if !sources.isEmpty {
      var record = training ?? .init()
      record.data = sources
      training = record
    }
    let names = zip(parts, shares).map { part, share -> JSONValue in
      [
        "name": .string(part.package.manifest.name), "version": .string(part.package.manifest.version),
        "id": .string(part.package.id), "share": .number(share),
      ]
    }
    var origin = provenance ?? .init()
    origin.baseModel = ["average": .array(names)]
    provenance = origin
  }

  /// Refuses a package whose weights mean other things than those of this one.
  fileprivate func requireAverage(with other: Manifest, number: Int) throws(AveragingError) {
    func require(_ what: String, _ found: some Equatable, _ wanted: some Equatable) throws(AveragingError) {
      let (found, wanted) = ("\(found)", "\(wanted)")
      if found != wanted {
        throw .different(number: number, what: what, found: found, wanted: wanted)
      }
    }
    try require("labels", other.task.labels, task.labels)
    try require("cell", other.model.encoder.cell.id, model.encoder.cell.id)
    try require("layers", other.model.encoder.layers, model.encoder.layers)
    try require("direction", other.model.encoder.direction.rawValue, model.encoder.direction.rawValue)
    try require("embedding", other.model.embedding.dim, model.embedding.dim)
    try require("readout", other.model.readout.type, model.readout.type)
    try require(
      "case of the tokenizer", other.tokenizer.letterCase ?? "lower", tokenizer.letterCase ?? "lower")
    try require(
      "normalization of the tokenizer", other.tokenizer.normalization ?? "NFC",
      tokenizer.normalization ?? "NFC")
    var (encoder, otherEncoder) = (model.encoder, other.model.encoder)
    // What a manifest leaves out is concat.
    encoder.merge = encoder.merge ?? .concat
    otherEncoder.merge = otherEncoder.merge ?? .concat
    let differences = ManifestDifference.all(
      Self.shape(encoder, model.readout), Self.shape(otherEncoder, other.model.readout))
    guard let difference = differences.first else { return }
    func text(_ value: JSONValue?) -> String {
      value.map { String(decoding: $0.compactBytes(), as: UTF8.self) } ?? "none"
    }
    throw .different(
      number: number, what: difference.path, found: text(difference.after), wanted: text(difference.before))
  }

  /// What two networks must share beside their sizes; neither remarks nor what training did.
  private static func shape(_ encoder: Encoder, _ readout: Readout) -> JSONValue {
    var (encoder, readout) = (encoder, readout)
    readout.dropout = nil
    if case .object(let config) = encoder.cell.config {
      var kept = JSONObject()
      for member in config where !member.key.hasPrefix("x-") { kept[member.key] = member.value }
      encoder.cell.config = .object(kept)
    }
    let coder = JSONValueEncoder()
    return [
      "encoder": (try? coder.encode(encoder)) ?? .null, "readout": (try? coder.encode(readout)) ?? .null,
    ]
  }
}
