import ModelPackage
import RecurrentNumerics
import SequenceClassifier

/// Refuses networks that no file can hold, before memory is taken for them.
enum NetworkSize {
  /// Refuses a network whose weights no package may have.
  static func check(_ network: RecurrentNetwork, storedAs dtype: TensorType) throws(TrainingError) {
    try check(
      network.parameterSpecs, bytesEach: dtype.byteWidth, limit: PackageMember.weights.sizeLimit,
      holder: "a package holds")
  }

  /// Refuses a language model whose checkpoint, with the optimiser's two moments of each parameter, would be too large.
  static func check(_ model: LanguageModel) throws(TrainingError) {
    let specs = model.network.parameterSpecs.filter { !$0.name.hasPrefix("readout.") } + model.headSpecs
    let limit = Swift.min(LanguageModelFile.limits.fileBytes, TensorFileLimits.checkpoint.fileBytes / 3)
    try check(
      specs, bytesEach: TensorType.f32.byteWidth, limit: limit, holder: "a language model may have")
  }

  private static func check(
    _ specs: [ParameterSpec], bytesEach: Int, limit: Int, holder: String
  ) throws(TrainingError) {
    let bytes = self.bytes(of: specs, bytesEach: bytesEach)
    guard bytes <= limit else { throw .tooLarge(bytes: bytes, limit: limit, holder: holder) }
  }

  /// Bytes of all parameters; the largest integer where none is large enough.
  static func bytes(of specs: [ParameterSpec], bytesEach: Int) -> Int {
    var sum = 0
    for spec in specs {
      var bytes = bytesEach
      for size in spec.shape {
        let product = bytes.multipliedReportingOverflow(by: size)
        guard !product.overflow else { return .max }
        bytes = product.partialValue
      }
      let total = sum.addingReportingOverflow(bytes)
      guard !total.overflow else { return .max }
      sum = total.partialValue
    }
    return sum
  }
}
