import ModelPackage

extension Running {
  /// Words of manifests and configurations.
  package static let kinds = Manifest.Running.knownKinds

  /// The running called `kind`; nil where there is none of that name with such a length.
  package init?(kind: String, length: Int?) {
    switch (kind, length) {
    case ("continuous", nil): self = .continuous
    case ("chopped", let length?) where length > 0: self = .chopped(length: length)
    case ("windowed", let length?) where length > 0: self = .windowed(length: length)
    default: return nil
    }
  }

  init(_ manifest: Manifest.Running?) throws(ClassifierLoadError) {
    guard let manifest else {
      self = .continuous
      return
    }
    guard let running = Running(kind: manifest.kind, length: manifest.length) else {
      throw .unsupported(field: "model.encoder.running", value: manifest.kind, known: Running.kinds)
    }
    self = running
  }

  /// As a manifest has it: nothing for what was always so.
  package var manifest: Manifest.Running? {
    switch self {
    case .continuous: nil
    case .chopped(let length): Manifest.Running(kind: "chopped", length: length)
    case .windowed(let length): Manifest.Running(kind: "windowed", length: length)
    }
  }
}
