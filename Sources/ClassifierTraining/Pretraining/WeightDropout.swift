import RecurrentCells
import RecurrentNumerics

/// Drops single recurrent weights for a whole window, and scales those that are kept by 1 / (1 − rate).
///
/// DropConnect on the hidden-to-hidden weights (Merity et al. 2017, arXiv:1708.02182).
struct WeightDropout {
  let rate: Float
  let random: RandomStream

  /// The parameter that it works on.
  static let parameter = "weight_hh"

  /// The multiplier of each recurrent weight; nil where nothing is dropped.
  func mask(for layer: RecurrentLayer) -> [Float]? {
    guard rate > 0,
      let spec = layer.cell.parameterSpecs.first(where: { $0.name == WeightDropout.parameter })
    else { return nil }
    var random = random
    let kept = 1 / (1 - rate)
    return (0..<spec.count).map { _ in random.uniform() < rate ? 0 : kept }
  }

  /// Multiplies the weights, or their gradients.
  func apply(_ mask: [Float]?, to parameters: inout ParameterSet) {
    guard let mask, let index = parameters.index(of: WeightDropout.parameter) else { return }
    let offset = parameters.offsets[index]
    for position in mask.indices { parameters.values[offset + position] *= mask[position] }
  }
}
