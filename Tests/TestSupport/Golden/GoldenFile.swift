import Foundation

/// Values from PyTorch, written by a script in `tools/golden`.
///
/// Parameters and masks are exact in `Float` and in `Double`. `float64` is what to compare with; `float32`
/// shows how far PyTorch's own single precision is from it.
package struct GoldenFile: Sendable, Decodable {
  /// Where the values come from.
  package struct Header: Sendable, Decodable {
    package var script: String
    package var torch: String
    package var seed: Int
    /// The command that writes the file again.
    package var regenerate: String
  }

  package struct Batch: Sendable, Decodable {
    /// Token ids; together they use every row of the embedding.
    package var sequences: [[Int]]
    package var labels: [Int]
  }

  package struct Masks: Sendable, Decodable {
    package var embeddingRows: [Double]
    /// `[layer][sequence][features]`
    package var locked: [[[Double]]]
    /// `[sequence][features]`
    package var readout: [[Double]]
  }

  /// One evaluation of the first batch with the initial parameters.
  package struct Evaluation: Sendable, Decodable {
    /// `[batch, classes]`
    package var logits: [[Double]]
    /// `[slot][layer · directions + direction][batch][hidden]`, as PyTorch's `h_n` and `c_n`.
    package var finalStates: [[[[Double]]]]
    package var loss: Double
    /// By parameter name, flat.
    package var gradients: [String: [Double]]
  }

  /// Optimiser steps in float64 from the initial parameters, batch `step % batches.count` at each.
  package struct Training: Sendable, Decodable {
    package enum Optimizer: String, Sendable, Decodable {
      case adam
      /// Adam with decoupled weight decay, which every parameter gets.
      case adamW = "adamw"
      /// Without dampening or Nesterov's correction.
      case sgd
    }

    package var optimizer: Optimizer
    package var learningRate: Double
    package var beta1: Double?
    package var beta2: Double?
    package var epsilon: Double?
    package var weightDecay: Double?
    package var momentum: Double?
    /// The largest norm of all gradients together; they are multiplied by min(1, clipNorm / (norm + 1e-6)).
    package var clipNorm: Double
    package var steps: Int
    /// The loss before each step.
    package var losses: [Double]
    /// The norm of all gradients before clipping, at each step.
    package var gradientNorms: [Double]
    /// How far the last parameters of the same run in float32 are from `parameters`: a tensor's largest
    /// difference over its largest element, the worst of all tensors.
    package var difference32: Double
    /// After the last step, by name, flat.
    package var parameters: [String: [Double]]
  }

  package var header: Header
  package var cell: ReferenceCellKind
  package var direction: ReferenceConfiguration.Direction
  package var layers: Int
  package var inputSize: Int
  package var hiddenSize: Int
  package var vocabularySize: Int
  package var classes: Int
  package var readout: ReferenceConfiguration.Readout
  package var initialState: ReferenceConfiguration.InitialState
  package var labelSmoothing: Double
  package var classWeights: [Double]?
  package var batches: [Batch]
  package var masks: Masks?
  /// The initial parameters.
  package var parameters: [String: ReferenceTensor]
  package var float64: Evaluation
  package var float32: Evaluation
  /// Empty in files that only hold an evaluation.
  package var training: [Training]

  /// The files with 20 optimiser steps, two per cell: one layer forward, and two layers in both directions; and
  /// one with attention.
  package static let trainedNames =
    ReferenceCellKind.allCases.flatMap {
      ["\($0.rawValue)_l1_forward", "\($0.rawValue)_l2_both"]
    } + ["lstm_l1_both_attention"]
  /// The files with learned initial states, masks and the `concat` readout.
  package static let pooledNames = ["lstm_l2_both_pooled", "gru_l2_backward_pooled"]
  package static let allNames = trainedNames + pooledNames

  /// Reads the file called `name`, without its ending.
  package init(named name: String) throws(GoldenFileError) {
    let url = SourceTree.golden.appending(path: "\(name).json")
    do {
      self = try JSONDecoder().decode(GoldenFile.self, from: Data(contentsOf: url))
    } catch {
      throw GoldenFileError(path: url.path(percentEncoded: false), reason: String(describing: error))
    }
  }

  /// The reference model's configuration for this file.
  package var configuration: ReferenceConfiguration {
    ReferenceConfiguration(
      cell: cell, vocabularySize: vocabularySize, inputSize: inputSize, hiddenSize: hiddenSize,
      layerCount: layers, direction: direction, initialState: initialState, readout: readout,
      classCount: classes, labelSmoothing: labelSmoothing, classWeights: classWeights)
  }

  /// A reference model with the initial parameters.
  package func referenceClassifier() -> ReferenceClassifier {
    var parameters = ReferenceParameters(zerosFor: configuration)
    for name in parameters.names {
      guard let tensor = self.parameters[name] else { preconditionFailure("the file has no \(name)") }
      precondition(tensor.shape == parameters.shape(of: name), "\(name) is \(tensor.shape) in the file")
      parameters[name] = tensor.values
    }
    precondition(self.parameters.count == parameters.names.count, "the file has other parameters as well")
    return ReferenceClassifier(configuration: configuration, parameters: parameters)
  }

  /// The batch at `index`, with the file's masks.
  package func referenceBatch(_ index: Int = 0) -> ReferenceBatch {
    ReferenceBatch(
      sequences: batches[index].sequences, labels: batches[index].labels,
      masks: ReferenceMasks(
        embeddingRows: masks?.embeddingRows, locked: masks?.locked, readout: masks?.readout))
  }

  /// What a failing test should say besides the numbers.
  package var provenance: String {
    "golden values from PyTorch \(header.torch), seed \(header.seed); to write them again: \(header.regenerate)"
  }
}

/// Why a golden file cannot be read.
package struct GoldenFileError: Error, CustomStringConvertible {
  package var path: String
  package var reason: String

  package var description: String {
    "\(path): \(reason); to write all golden files: pip install -r tools/golden/requirements.txt, "
      + "then python3 each of tools/golden/vanilla.py, lstm.py and gru.py"
  }
}
