import RecurrentCells
import RecurrentNumerics
import SequenceClassifier
import TextEncoding

/// The shape of a language model: one cell that reads texts forwards, one that reads them backwards, or either alone.
///
/// Both share the embedding e, which also stands at the output ("tied", Press & Wolf 2017, arXiv:1608.05859):
///
///     z_t = P h_t + p,    logit_w = e_w · z_t + b_w
///
/// where h_t has read x_1 … x_t and w is what comes next, `</s>` after the last. P `[embedding, hidden]`, p and
/// b `[vocabulary]` are each direction's own: the head. A classifier takes embedding and cells, and leaves the head.
public struct LanguageModel: Sendable {
  /// Embedding and cells as a classifier has them; its readout is not used.
  public let network: RecurrentNetwork
  /// What the network was made of.
  public let description: NetworkDescription

  /// - Throws: `OptionError` for a description of more or fewer layers than one, `ClassifierLoadError` for one that makes no
  ///   network.
  public init(_ description: NetworkDescription, vocabularySize: Int, cells: CellRegistry = .standard) throws
  {
    guard description.layers == 1 else {
      throw OptionError(option: "layers", value: "\(description.layers)", allowed: "1 in a language model")
    }
    self.description = description
    network = try description.makeNetwork(
      vocabularySize: vocabularySize, labelCount: 1, cells: cells, readouts: .standard)
  }

  /// Words that it knows, special tokens included.
  public var vocabularySize: Int { network.vocabularySize }
  /// Width of word vectors.
  public var embeddingSize: Int { network.embeddingSize }
  /// One layer a direction.
  package var layers: [RecurrentLayer] { network.levels[0] }

  /// The head's parameters of one direction: P, p, b.
  package static let headParameterCount = 3

  /// P, p and b of each direction in turn.
  package var headSpecs: [ParameterSpec] {
    layers.flatMap { layer in
      let suffix = layer.isReversed ? "_reverse" : ""
      return [
        ParameterSpec(
          "projection_weight\(suffix)", shape: [embeddingSize, layer.cell.outputSize],
          initialiser: .glorot(blocks: 1)),
        ParameterSpec("projection_bias\(suffix)", shape: [embeddingSize], initialiser: .zeros),
        ParameterSpec("output_bias\(suffix)", shape: [vocabularySize], initialiser: .zeros),
      ]
    }
  }

  /// First values; `readout` holds the head.
  package func makeParameters(random: RandomStream) -> NetworkParameters {
    var parameters = NetworkParameters(initialising: network, random: random)
    parameters.readout = ParameterSet(initialising: headSpecs, random: random.derived(.max))
    return parameters
  }

  /// Names as a file holds them: those of a classifier's embedding and cells, then the head's.
  private var parameterNames: [String] {
    network.parameterSpecs.map(\.name).filter { !$0.hasPrefix("readout.") }
      + headSpecs.map { "head.\($0.name)" }
  }

  /// Names, as a file holds them, shapes and values.
  func namedValues(_ parameters: NetworkParameters) -> [(name: String, shape: [Int], values: [Float])] {
    let sets = parameters.sets
    let values = sets.flatMap { set in set.specs.indices.map { (set.specs[$0].shape, Array(set[$0])) } }
    return zip(parameterNames, values).map { ($0, $1.0, $1.1) }
  }

  /// Parameters from what `find` has for each name and shape. Asks for all before it makes any: a file's description may speak
  /// of more than the file holds, or than there is memory.
  func parameters<Failure: Error>(
    _ find: (_ name: String, _ shape: [Int]) throws(Failure) -> [Float]
  ) throws(Failure) -> NetworkParameters {
    let specs = network.parameterSpecs.filter { !$0.name.hasPrefix("readout.") } + headSpecs
    var values: [[Float]] = []
    for (name, spec) in zip(parameterNames, specs) { values.append(try find(name, spec.shape)) }
    var result = NetworkParameters(zerosFor: network)
    result.readout = ParameterSet(headSpecs)
    var sets = result.sets
    var rest = values[...]
    for index in sets.indices {
      for position in sets[index].specs.indices { sets[index][position] = rest.removeFirst()[...] }
    }
    result.sets = sets
    return result
  }
}
