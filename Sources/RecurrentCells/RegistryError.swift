/// Why a registry refuses a name.
public enum RegistryError: Error, Equatable {
  case duplicate(String)
  case unknown(String, known: [String])
}

extension RegistryError: CustomStringConvertible {
  /// One line; an unknown name is cut after 64 characters.
  public var description: String {
    switch self {
    case .duplicate(let name): "\"\(name)\" is registered already"
    case .unknown(let name, let known):
      "\"\(name.prefix(64))\" is not registered; known: \(known.joined(separator: ", "))"
    }
  }
}
