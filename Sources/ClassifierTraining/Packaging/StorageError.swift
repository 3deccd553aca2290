import ModelPackage

/// Why weights cannot be stored as was asked.
public enum StorageError: Error, Equatable {
  case noSmaller(found: TensorType, wanted: TensorType)
  /// Numbers of a tensor would become infinite.
  case tooLarge(TensorFileError)
}

extension StorageError: CustomStringConvertible {
  /// One line: why not, and for weights that are too large what to do.
  public var description: String {
    switch self {
    case .noSmaller(let found, let wanted):
      "the package stores its weights as \(found.rawValue) already; \(wanted.rawValue) would make them no smaller"
    case .tooLarge(let error): "\(error); store the weights as f32"
    }
  }
}

extension Tensor {
  /// The tensor, where its `dtype` can hold its numbers.
  func storable() throws(StorageError) -> Tensor {
    do {
      try checkHalfPrecision()
    } catch {
      throw .tooLarge(error)
    }
    return self
  }
}
