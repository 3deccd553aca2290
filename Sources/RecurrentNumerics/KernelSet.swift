import CRecurrentKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The numeric kernels of one instruction set.
///
/// Within one set, results depend on values only: never on batch size, position in a batch or threads. Between sets
/// they differ by rounding.
public struct KernelSet: Sendable {
  /// The instruction set.
  public let level: KernelLevel
  /// What matrices packed for this set are multiplied in.
  public private(set) var precision = Precision.float32
  /// The C functions; constant memory of the program.
  nonisolated(unsafe) package let functions: UnsafePointer<rk_kernels>

  /// The kernels of `level`, or nil where this build or CPU lacks them.
  public init?(level: KernelLevel) {
    guard let functions = rk_kernels_for_level(level.code) else { return nil }
    self.level = level
    self.functions = functions
  }

  private init(bestFor code: rk_level) {
    let level = KernelLevel.allCases.first { $0.code == code } ?? .generic
    // The generic table always exists, so this unwrapping cannot fail for the level that the C side calls best.
    self = KernelSet(level: level) ?? KernelSet(generic: ())
  }

  private init(generic: Void) {
    level = .generic
    guard let functions = rk_kernels_for_level(RK_GENERIC) else {
      preconditionFailure("the generic kernels are always built")
    }
    self.functions = functions
  }

  /// The fastest set that this CPU runs.
  public static let best = KernelSet(bestFor: rk_best_level())

  /// The same instruction set with products of another precision.
  public func multiplying(in precision: Precision) -> KernelSet {
    var set = self
    set.precision = precision
    return set
  }

  /// What bits depend on beside values: the level, and of products in bf16 whether the CPU has instructions of its own for them,
  /// which add in another order.
  package var arithmetic: String {
    let isNative = precision == .bfloat16 && rk_has_bf16_dot_products(functions) != 0
    return level.rawValue + (isNative ? "+bf16" : "")
  }

  /// The levels that this build and CPU offer.
  public static var supportedLevels: [KernelLevel] {
    KernelLevel.allCases.filter { KernelSet(level: $0) != nil }
  }

  private static let selection: Result<KernelSet, KernelSelectionError> = {
    guard let value = getenv("RECURRENT_KERNELS"), value.pointee != 0 else { return .success(best) }
    let name = String(cString: value)
    guard let level = KernelLevel(rawValue: name) else {
      return .failure(.unknownLevel(name, known: KernelLevel.allCases.map(\.rawValue)))
    }
    guard let set = KernelSet(level: level) else {
      return .failure(.unsupportedLevel(name, supported: supportedLevels.map(\.rawValue)))
    }
    return .success(set)
  }()

  /// The set that `RECURRENT_KERNELS` names (`generic`, `avx2`, `avx512`, `neon`), or else the best.
  ///
  /// The variable is read once, at the first call.
  public static func selected() throws(KernelSelectionError) -> KernelSet {
    try selection.get()
  }
}
