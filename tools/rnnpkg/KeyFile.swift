import ModelPackage

/// A key out of a file; errors carry the file's name.
struct KeyFile<Key> {
  let key: Key

  init(_ path: String, read: (String) throws -> Key) throws {
    do {
      key = try read(path)
    } catch let error as SignatureError {
      throw KeyFileFailure(path: path, error: error)
    }
  }
}

/// A key file that cannot be used: exit 65.
struct KeyFileFailure: Error, CustomStringConvertible {
  let path: String
  let error: SignatureError
  var description: String { "\(path): \(error)" }
}
