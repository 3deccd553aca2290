import ArgumentParser

/// Values of `--seed`.
enum Seed {
  /// The largest: configurations and manifests hold signed integers of 64 bits.
  private static let largest = UInt64(Int64.max)

  static func check(_ seed: UInt64?) throws {
    if let seed, seed > largest {
      throw ValidationError("--seed is \(seed); it must be from 0 to \(largest)")
    }
  }
}
