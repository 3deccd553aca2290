import ModelPackage
import RecurrentCells
import RecurrentNumerics
import SequenceClassifier

/// Builds the graph of a classifier, from its inputs to its outputs. Values are named after what they are.
struct ONNXClassifierGraph {
  private let source: ConvertibleNetwork
  private(set) var graph: ONNXGraph

  init(_ source: ConvertibleNetwork) throws(ExportError) {
    self.source = source
    graph = ONNXGraph(name: source.manifest.name)
    let labels = source.network.labelCount
    graph.inputs = [
      ONNXValue(
        name: "tokens", type: .int64, shape: [.named("batch"), .named("time")],
        text: "Token ids, padded behind the end with any id."),
      ONNXValue(
        name: "lengths", type: .int32, shape: [.named("batch")], text: "Tokens of each text, 1 or more."),
    ]
    graph.outputs = [
      ONNXValue(
        name: "logits", type: .float, shape: [.named("batch"), .size(labels)],
        text: "Before temperature and softmax."),
      ONNXValue(
        name: "probabilities", type: .float, shape: [.named("batch"), .size(labels)],
        text: "In the order of the labels."),
    ]
    let top = addLayers()
    let features = try addReadout(top)
    addOutputs(features)
  }

  // MARK: Parts

  /// What the top layer gives; the outputs of all steps only where the readout reads them.
  private struct Top {
    /// `[directions, batch, hidden]`
    let last: String
    /// `[time, directions, batch, hidden]`
    let steps: String
  }

  private mutating func addLayers() -> Top {
    let network = source.network
    let table = constant(
      "embedding.weight", [network.vocabularySize, network.embeddingSize], source.values("embedding.weight"))
    add("Transpose", ["tokens"], to: "tokens_by_time", [.init(name: "perm", value: .integers([1, 0]))])
    add("Gather", [table, "tokens_by_time"], to: "embedded", [.init(name: "axis", value: .integer(0))])
    var input = "embedded"
    for (level, layers) in network.levels.enumerated() {
      let isTop = level == network.levels.count - 1
      let readsSteps = !isTop || source.manifest.model.readout.type != LastStateReadout.kind.rawValue
      addRecurrence(level, layers, input: input, steps: readsSteps, last: isTop)
      guard !isTop else { break }
      // [time, directions, batch, hidden] → [time, batch, directions·hidden]
      add(
        "Transpose", [steps(level)], to: "steps_l\(level)_by_text",
        [.init(name: "perm", value: .integers([0, 2, 1, 3]))])
      input = "input_l\(level + 1)"
      add("Reshape", ["steps_l\(level)_by_text", shape("layer_input_shape", [0, 0, -1])], to: input)
    }
    let top = network.levels.count - 1
    return Top(last: "last_l\(top)", steps: steps(top))
  }

  private func steps(_ level: Int) -> String { "steps_l\(level)" }

  private mutating func addRecurrence(
    _ level: Int, _ layers: [RecurrentLayer], input: String, steps readsSteps: Bool, last readsLast: Bool
  ) {
    let order: GateOrder
    let operation: String
    var attributes = [
      ONNXAttribute(name: "hidden_size", value: .integer(source.hidden)),
      ONNXAttribute(name: "direction", value: .text(direction)),
    ]
    switch source.cell {
    case .vanilla(let activation):
      (operation, order) = ("RNN", .vanilla)
      let name = activation == .tanh ? "Tanh" : "Relu"
      attributes.append(.init(name: "activations", value: .texts(layers.map { _ in name })))
    case .lstm: (operation, order) = ("LSTM", .onnxLSTM)
    case .gru(let reset):
      (operation, order) = ("GRU", .onnxGRU)
      attributes.append(.init(name: "linear_before_reset", value: .integer(reset == .after ? 1 : 0)))
    }
    func stacked(_ name: String) -> [Float] {
      layers.flatMap { order.reordered(source.values($0.qualifiedName(name))) }
    }
    let (directions, rows) = (layers.count, order.places.count * source.hidden)
    let inputSize = layers[0].cell.inputSize
    // Each direction's bias of the input product, then that of the recurrent one.
    let biases = layers.flatMap { layer in
      ["bias_ih", "bias_hh"].flatMap { order.reordered(source.values(layer.qualifiedName($0))) }
    }
    var inputs = [
      input, constant("W_l\(level)", [directions, rows, inputSize], stacked("weight_ih")),
      constant("R_l\(level)", [directions, rows, source.hidden], stacked("weight_hh")),
      constant("B_l\(level)", [directions, 2 * rows], biases), "lengths",
    ]
    if source.isInitialStateLearned {
      for slot in layers[0].cell.stateSlots.indices {
        inputs.append(addInitialState(level, slot: slot, layers))
      }
    }
    add(
      operation, inputs,
      outputs: [readsSteps ? steps(level) : "", readsLast ? "last_l\(level)" : ""].trimmed, attributes)
  }

  /// A learned first state, the same for every text: `[directions, batch, hidden]`.
  private mutating func addInitialState(_ level: Int, slot: Int, _ layers: [RecurrentLayer]) -> String {
    let name = "initial_state_\(slot)"
    let row = constant(
      "\(name)_l\(level)", [layers.count, 1, source.hidden],
      layers.flatMap { source.values($0.qualifiedName(name)) })
    if !graph.nodes.contains(where: { $0.outputs == ["state_shape"] }) {
      add("Shape", ["lengths"], to: "batch_size")
      add(
        "Concat", [shape("directions", [layers.count]), "batch_size", shape("one_row", [1])],
        to: "state_shape", [.init(name: "axis", value: .integer(0))])
    }
    add("Expand", [row, "state_shape"], to: "\(name)_l\(level)_of_batch")
    return "\(name)_l\(level)_of_batch"
  }

  private var direction: String {
    switch source.network.direction {
    case .forward: "forward"
    case .backward: "reverse"
    case .both: "bidirectional"
    }
  }

  /// The features, `[batch, summaries·directions·hidden]`.
  private mutating func addReadout(_ top: Top) throws(ExportError) -> String {
    // [directions, batch, hidden] → [batch, directions·hidden]
    add(
      "Transpose", [top.last], to: "last_by_text", [.init(name: "perm", value: .integers([1, 0, 2]))])
    add("Reshape", ["last_by_text", shape("feature_shape", [0, -1])], to: "last_state")
    let summaries: [String]
    switch ReadoutKind(rawValue: source.manifest.model.readout.type) {
    case LastStateReadout.kind: return "last_state"
    case ConcatReadout.kind: summaries = addMaximumAndMean(top)
    case AttentionReadout.kind: summaries = [addAttention(top)]
    case let kind:
      throw .readout(
        kind.rawValue,
        known: [AttentionReadout.kind, ConcatReadout.kind, LastStateReadout.kind].map(\.rawValue))
    }
    add(
      "Concat", ["last_state"] + summaries, to: "features", [.init(name: "axis", value: .integer(1))])
    return "features"
  }

  private mutating func addOutputs(_ features: String) {
    let network = source.network
    let weight = constant(
      "readout.weight", [network.labelCount, network.featureSize], source.values("readout.weight"))
    let bias = constant("readout.bias", [network.labelCount], source.values("readout.bias"))
    add("Gemm", [features, weight, bias], to: "logits", [.init(name: "transB", value: .integer(1))])
    let temperature = constant("temperature", [], [Float(source.temperature)])
    add("Div", ["logits", temperature], to: "calibrated_logits")
    add(
      "Softmax", ["calibrated_logits"], to: "probabilities", [.init(name: "axis", value: .integer(1))])
  }

  // MARK: Summaries of all steps

  /// Which steps are within their text: `valid`, `[time, batch, 1]`.
  private mutating func addValidSteps() {
    add("Shape", ["tokens"], to: "tokens_shape")
    add(
      "Gather", ["tokens_shape", integer("second", 1)], to: "time", [.init(name: "axis", value: .integer(0))])
    add("Range", [integer("zero", 0), "time", integer("one", 1)], to: "positions")
    add("Unsqueeze", ["positions", shape("axis_1", [1])], to: "position_column")
    add(
      "Cast", ["lengths"], to: "lengths_64",
      [.init(name: "to", value: .integer(ONNXElementType.int64.rawValue))])
    add("Less", ["position_column", "lengths_64"], to: "valid_by_text")
    add("Unsqueeze", ["valid_by_text", shape("axis_2", [2])], to: "valid")
  }

  /// `[batch, directions·hidden]` each.
  private mutating func addMaximumAndMean(_ top: Top) -> [String] {
    addValidSteps()
    add(
      "Transpose", [top.steps], to: "steps_by_text",
      [.init(name: "perm", value: .integers([0, 2, 1, 3]))])
    add("Reshape", ["steps_by_text", shape("steps_shape", [0, 0, -1])], to: "outputs")
    add("Where", ["valid", "outputs", lowest()], to: "outputs_or_lowest")
    add(
      "ReduceMax", ["outputs_or_lowest"], to: "maximum",
      [.init(name: "axes", value: .integers([0])), .init(name: "keepdims", value: .integer(0))])
    add("Where", ["valid", "outputs", constant("zero_output", [], [0])], to: "outputs_or_zero")
    addSum("outputs_or_zero", to: "sum")
    add(
      "Cast", ["lengths"], to: "lengths_float",
      [.init(name: "to", value: .integer(ONNXElementType.float.rawValue))])
    add("Unsqueeze", ["lengths_float", shape("mean_axis", [1])], to: "length_column")
    add("Div", ["sum", "length_column"], to: "mean")
    return ["maximum", "mean"]
  }

  /// Σ_t α_t h_t of each direction, side by side, `[batch, directions·hidden]`; see `AttentionReadout`.
  private mutating func addAttention(_ top: Top) -> String {
    addValidSteps()
    let hidden = source.hidden
    var attended: [String] = []
    for (index, isReversed) in source.network.direction.reversals.enumerated() {
      let suffix = isReversed ? "_reverse" : ""
      func name(_ part: String) -> String { "attention.\(part)\(suffix)" }
      add(
        "Gather", [top.steps, integer(name("direction"), index)], to: name("steps"),
        [.init(name: "axis", value: .integer(1))])
      let weight = constant(
        name("weight_transposed"), [hidden, hidden],
        transposed(source.values("readout.attention.weight\(suffix)"), columns: hidden))
      let bias = constant(name("bias"), [hidden], source.values("readout.attention.bias\(suffix)"))
      let query = constant(name("query"), [hidden, 1], source.values("readout.attention.query\(suffix)"))
      add("MatMul", [name("steps"), weight], to: name("product"))
      add("Add", [name("product"), bias], to: name("sum"))
      add("Tanh", [name("sum")], to: name("hidden"))
      add("MatMul", [name("hidden"), query], to: name("scores"))
      add("Where", ["valid", name("scores"), lowest()], to: name("valid_scores"))
      add(
        "Softmax", [name("valid_scores")], to: name("shares"), [.init(name: "axis", value: .integer(0))])
      add("Where", ["valid", name("steps"), constant(name("zero"), [], [0])], to: name("valid_steps"))
      add("Mul", [name("shares"), name("valid_steps")], to: name("weighted"))
      addSum(name("weighted"), to: name("attended"))
      attended.append(name("attended"))
    }
    guard attended.count > 1 else { return attended[0] }
    add("Concat", attended, to: "attended", [.init(name: "axis", value: .integer(1))])
    return "attended"
  }

  private mutating func addSum(_ steps: String, to name: String) {
    add(
      "ReduceSum", [steps, shape("time_axis", [0])], to: name, [.init(name: "keepdims", value: .integer(0))])
  }

  // MARK: Nodes and constants

  private mutating func add(
    _ operation: String, _ inputs: [String], to output: String, _ attributes: [ONNXAttribute] = []
  ) {
    add(operation, inputs, outputs: [output], attributes)
  }

  private mutating func add(
    _ operation: String, _ inputs: [String], outputs: [String], _ attributes: [ONNXAttribute]
  ) {
    graph.nodes.append(
      ONNXNode(operation: operation, inputs: inputs, outputs: outputs, attributes: attributes))
  }

  private mutating func constant(_ name: String, _ shape: [Int], _ values: [Float]) -> String {
    keep(ONNXTensor(name, shape: shape, floats: values))
  }

  /// A list of sizes or axes.
  private mutating func shape(_ name: String, _ sizes: [Int]) -> String {
    keep(ONNXTensor(name, shape: [sizes.count], integers: sizes))
  }

  private mutating func integer(_ name: String, _ value: Int) -> String {
    keep(ONNXTensor(name, shape: [], integers: [value]))
  }

  /// Below every state and score: what stands for a padded step where the largest is sought.
  private mutating func lowest() -> String { constant("lowest", [], [-Float.greatestFiniteMagnitude]) }

  private mutating func keep(_ tensor: ONNXTensor) -> String {
    if !graph.constants.contains(where: { $0.name == tensor.name }) { graph.constants.append(tensor) }
    return tensor.name
  }
}

/// `[rows, columns]` as `[columns, rows]`.
private func transposed(_ values: [Float], columns: Int) -> [Float] {
  (0..<columns).flatMap { column in stride(from: column, to: values.count, by: columns).map { values[$0] } }
}

extension [String] {
  /// Without the empty names at the end, which stand for nothing there.
  fileprivate var trimmed: [String] { Array(prefix((lastIndex { !$0.isEmpty } ?? -1) + 1)) }
}
