import CRecurrentKernels

extension Array where Element == Float {
  /// Each value rounded to the nearest half-precision number (IEEE 754 binary16, ties to even).
  ///
  /// What a package with `dtype` `f16` holds; values beyond ±65,504 become infinite.
  public func roundedToHalf() -> [Float] {
    // The initializer below writes to the storage that all empty arrays share: a race, if a harmless one.
    guard !isEmpty else { return [] }
    let functions = KernelSet.best.functions
    let input = self
    return [Float](unsafeUninitializedCapacity: input.count) { output, initialized in
      var halves = [UInt16](repeating: 0, count: input.count)
      if let base = output.baseAddress {
        functions.pointee.to_half(input.count, input, &halves)
        functions.pointee.from_half(input.count, halves, base)
      }
      initialized = input.count
    }
  }
}
