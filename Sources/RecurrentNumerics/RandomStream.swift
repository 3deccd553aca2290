/// Random numbers from a key and a counter: the same key gives the same numbers on every machine and thread.
///
/// Keys are derived (`seed → epoch → example`), never shared, so no result depends on who draws first.
/// Generator: SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195).
public struct RandomStream: Sendable {
  private var state: UInt64

  /// A stream that nothing but `seed` decides.
  public init(seed: UInt64) { state = RandomStream.mix(seed &+ 0x9e37_79b9_7f4a_7c15) }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A stream of its own for `key`; deriving draws nothing from this one.
  public func derived(_ key: UInt64) -> RandomStream {
    var stream = self
    stream.state = RandomStream.mix(state ^ RandomStream.mix(key &+ 0xd1b5_4a32_d192_ed03))
    return stream
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return RandomStream.mix(state)
  }

  /// Uniform in [0, 1), 24 random bits.
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// Uniform in 0..<bound, without bias worth naming for bounds far below 2^64.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "bound \(bound)")
    return Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Close to normal, mean 0 and variance 1: the sum of twelve uniform numbers less 6.
  ///
  /// No logarithm or cosine: the bits do not depend on a mathematics library.
  public mutating func normal() -> Double {
    var sum = 0.0
    for _ in 0..<12 { sum += Double(next() >> 11) * 0x1p-53 }
    return sum - 6
  }

  /// Writes `count` numbers close to normal, mean 0, one draw each: the sum of its eight bytes less the mean.
  ///
  /// Twelve times as quick as `normal`, for noise whose direction alone counts; the variance is 8 · (256² − 1) / 12.
  package mutating func fillWithNormals(_ values: UnsafeMutablePointer<Float>, count: Int) {
    let bytes: UInt64 = 0x00ff_00ff_00ff_00ff
    for index in 0..<count {
      let bits = next()
      let pairs = (bits & bytes) &+ ((bits >> 8) & bytes)
      let sum = (pairs &* 0x0001_0001_0001_0001) >> 48
      values[index] = Float(Int32(truncatingIfNeeded: sum)) - 1_020
    }
  }

  /// Shuffles in place (Fisher–Yates).
  public mutating func shuffle<Element>(_ array: inout [Element]) {
    guard array.count > 1 else { return }
    for index in stride(from: array.count - 1, through: 1, by: -1) {
      array.swapAt(index, integer(below: index + 1))
    }
  }
}
