/// How the learning rate runs over training, as a factor of its peak.
public enum LearningRateSchedule: String, Codable, CaseIterable, Sendable {
  case constant
  /// Straight down to 0.
  case linear
  /// Half a cosine down to 0 (Loshchilov & Hutter 2017, arXiv:1608.03983).
  case cosine
  /// Up from 1/25 along a cosine in the first 30 %, down to 1/10,000 in the rest (Smith & Topin 2017, arXiv:1708.07120).
  case oneCycle = "one-cycle"

  /// The factor at `progress`, from 0 (first step) to 1 (last).
  /// - Parameter warmUp: share of training over which the factor climbs from 0; `oneCycle` has a climb of its own.
  public func factor(progress: Double, warmUp: Double) -> Double {
    let rest = warmUp < 1 ? Swift.max(0, progress - warmUp) / (1 - warmUp) : 0
    let climb = warmUp > 0 ? Swift.min(1, progress / warmUp) : 1
    switch self {
    case .constant: return climb
    case .linear: return climb * (1 - rest)
    case .cosine: return climb * 0.5 * (1 + cosineOf(.pi * rest))
    case .oneCycle:
      let peak = 0.3
      if progress < peak {
        return between(1.0 / 25, 1, at: progress / peak)
      }
      return between(1, 1e-4, at: (progress - peak) / (1 - peak))
    }
  }

  private func between(_ start: Double, _ end: Double, at share: Double) -> Double {
    end + (start - end) * 0.5 * (1 + cosineOf(.pi * share))
  }
}
