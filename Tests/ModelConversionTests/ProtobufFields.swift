/// A message of Protocol Buffers taken apart, without knowing what its fields mean.
struct ProtobufFields {
  enum Content: Equatable {
    case varint(UInt64)
    case bytes([UInt8])
    case fourBytes(UInt32)
  }

  enum Malformed: Error {
    case truncated
    case wireType(UInt64)
    case kind(field: Int)
  }

  private(set) var fields: [(number: Int, content: Content)] = []

  init(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let key = try Self.varint(&rest)
      let content: Content
      switch key & 7 {
      case 0: content = .varint(try Self.varint(&rest))
      case 2: content = .bytes(Array(try Self.take(Int(try Self.varint(&rest)), &rest)))
      case 5:
        content = .fourBytes(try Self.take(4, &rest).reversed().reduce(0) { $0 << 8 | UInt32($1) })
      default: throw Malformed.wireType(key & 7)
      }
      fields.append((Int(key >> 3), content))
    }
  }

  private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw Malformed.truncated }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { throw Malformed.truncated }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    throw Malformed.truncated
  }

  private func contents(_ number: Int) -> [Content] { fields.filter { $0.number == number }.map(\.content) }

  func bytes(_ number: Int) throws -> [[UInt8]] {
    try contents(number).map {
      guard case .bytes(let bytes) = $0 else { throw Malformed.kind(field: number) }
      return bytes
    }
  }

  func messages(_ number: Int) throws -> [ProtobufFields] { try bytes(number).map { try .init($0) } }

  func texts(_ number: Int) throws -> [String] {
    try bytes(number).map { String(decoding: $0, as: UTF8.self) }
  }

  func integers(_ number: Int) throws -> [Int] {
    try contents(number).map {
      guard case .varint(let value) = $0 else { throw Malformed.kind(field: number) }
      return Int(Int64(bitPattern: value))
    }
  }
}

/// The parts of an ONNX file that tests look at.
struct ParsedModel {
  struct Node {
    let operation: String
    let inputs: [String]
    let outputs: [String]
    /// Integers, lists of integers and texts, each as a list of texts.
    let attributes: [String: [String]]
  }

  struct Constant {
    let shape: [Int]
    let type: Int
    let bytes: [UInt8]

    var floats: [Float] {
      stride(from: 0, to: bytes.count, by: 4).map { start in
        Float(bitPattern: bytes[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
      }
    }
  }

  let message: ProtobufFields
  let graph: ProtobufFields
  let nodes: [Node]
  let constants: [String: Constant]
  let metadata: [String: String]

  init(_ bytes: [UInt8]) throws {
    message = try ProtobufFields(bytes)
    let graph = try message.messages(7)[0]
    self.graph = graph
    nodes = try graph.messages(1).map { node in
      var attributes: [String: [String]] = [:]
      for attribute in try node.messages(5) {
        let integers = try attribute.integers(3) + attribute.integers(8)
        attributes[try attribute.texts(1)[0]] =
          try integers.map(String.init) + attribute.texts(4) + attribute.texts(9)
      }
      return Node(
        operation: try node.texts(4)[0], inputs: try node.texts(1), outputs: try node.texts(2),
        attributes: attributes)
    }
    var constants: [String: Constant] = [:]
    for tensor in try graph.messages(5) {
      constants[try tensor.texts(8)[0]] = Constant(
        shape: try tensor.integers(1), type: try tensor.integers(2)[0], bytes: try tensor.bytes(9)[0])
    }
    self.constants = constants
    var metadata: [String: String] = [:]
    for entry in try message.messages(14) { metadata[try entry.texts(1)[0]] = try entry.texts(2)[0] }
    self.metadata = metadata
  }

  /// Name, element type and shape of a graph's inputs (field 11) or outputs (12).
  func values(_ field: Int) throws -> [String] {
    try graph.messages(field).map { value in
      let tensor = try value.messages(2)[0].messages(1)[0]
      let shape = try tensor.messages(2)[0].messages(1).map {
        try $0.texts(2).first ?? String($0.integers(1)[0])
      }
      return "\(try value.texts(1)[0]) \(try tensor.integers(1)[0]) [\(shape.joined(separator: ", "))]"
    }
  }
}
