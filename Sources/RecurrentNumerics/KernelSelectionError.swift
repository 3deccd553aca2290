/// Why a set of kernels cannot be used.
public enum KernelSelectionError: Error, Equatable {
  case unknownLevel(String, known: [String])
  case unsupportedLevel(String, supported: [String])
}

extension KernelSelectionError: CustomStringConvertible {
  /// One line: the value of `RECURRENT_KERNELS`, and what it may be.
  public var description: String {
    switch self {
    case .unknownLevel(let name, let known):
      "RECURRENT_KERNELS is \"\(name)\"; it must be one of \(known.joined(separator: ", "))"
    case .unsupportedLevel(let name, let supported):
      "RECURRENT_KERNELS is \"\(name)\", which this CPU or build lacks; it has \(supported.joined(separator: ", "))"
    }
  }
}
