/// The parts of ONNX's file format that a classifier needs, each with its message.
///
/// Field numbers are those of `onnx/onnx.proto`, IR version 7.

/// The type of a tensor's elements, `TensorProto.DataType`.
enum ONNXElementType: Int {
  case float = 1
  case int32 = 6
  case int64 = 7
}

/// A constant tensor, row-major.
struct ONNXTensor {
  let name: String
  let shape: [Int]
  let type: ONNXElementType
  /// Little-endian.
  let bytes: [UInt8]

  init(_ name: String, shape: [Int], floats: [Float]) {
    self.init(name, shape, .float, floats.map(\.bitPattern.littleEndian))
  }

  init(_ name: String, shape: [Int], integers: [Int]) {
    self.init(name, shape, .int64, integers.map { Int64($0).littleEndian })
  }

  private init(_ name: String, _ shape: [Int], _ type: ONNXElementType, _ words: [some FixedWidthInteger]) {
    precondition(shape.reduce(1, *) == words.count, "\(name): \(words.count) numbers of shape \(shape)")
    self.name = name
    self.shape = shape
    self.type = type
    bytes = words.withUnsafeBytes { Array($0) }
  }

  var message: ProtobufMessage {
    var message = ProtobufMessage()
    for size in shape { message.append(1, integer: size) }
    message.append(2, integer: type.rawValue)
    message.append(8, text: name)
    message.append(9, bytes: bytes)
    return message
  }
}

/// A setting of a node.
struct ONNXAttribute {
  enum Value {
    case integer(Int)
    case integers([Int])
    case text(String)
    case texts([String])
  }

  let name: String
  let value: Value

  var message: ProtobufMessage {
    var message = ProtobufMessage()
    message.append(1, text: name)
    // Field 20 says which of the others counts.
    switch value {
    case .integer(let integer):
      message.append(3, integer: integer)
      message.append(20, integer: 2)
    case .text(let text):
      message.append(4, text: text)
      message.append(20, integer: 3)
    case .integers(let integers):
      for integer in integers { message.append(8, integer: integer) }
      message.append(20, integer: 7)
    case .texts(let texts):
      for text in texts { message.append(9, text: text) }
      message.append(20, integer: 8)
    }
    return message
  }
}

/// An operation. An empty name stands for an input or output that is left out.
struct ONNXNode {
  let operation: String
  let inputs: [String]
  let outputs: [String]
  let attributes: [ONNXAttribute]

  var message: ProtobufMessage {
    var message = ProtobufMessage()
    for input in inputs { message.append(1, text: input) }
    for output in outputs { message.append(2, text: output) }
    // An operation is called after what it makes.
    message.append(3, text: "\(outputs.first { !$0.isEmpty } ?? operation)/\(operation)")
    message.append(4, text: operation)
    for attribute in attributes { message.append(5, message: attribute.message) }
    return message
  }
}

/// An input or output of a graph.
struct ONNXValue {
  enum Dimension {
    case size(Int)
    /// Of any size, the same wherever the name stands.
    case named(String)
  }

  let name: String
  let type: ONNXElementType
  let shape: [Dimension]
  let text: String

  var message: ProtobufMessage {
    var shapeMessage = ProtobufMessage()
    for dimension in shape {
      var dimensionMessage = ProtobufMessage()
      switch dimension {
      case .size(let size): dimensionMessage.append(1, integer: size)
      case .named(let name): dimensionMessage.append(2, text: name)
      }
      shapeMessage.append(1, message: dimensionMessage)
    }
    var tensorType = ProtobufMessage()
    tensorType.append(1, integer: type.rawValue)
    tensorType.append(2, message: shapeMessage)
    var typeMessage = ProtobufMessage()
    typeMessage.append(1, message: tensorType)
    var message = ProtobufMessage()
    message.append(1, text: name)
    message.append(2, message: typeMessage)
    message.append(3, text: text)
    return message
  }
}

/// Operations in an order in which each finds its inputs.
struct ONNXGraph {
  let name: String
  var nodes: [ONNXNode] = []
  var constants: [ONNXTensor] = []
  var inputs: [ONNXValue] = []
  var outputs: [ONNXValue] = []

  init(name: String) { self.name = name }

  var message: ProtobufMessage {
    var message = ProtobufMessage()
    for node in nodes { message.append(1, message: node.message) }
    message.append(2, text: name)
    for constant in constants { message.append(5, message: constant.message) }
    for input in inputs { message.append(11, message: input.message) }
    for output in outputs { message.append(12, message: output.message) }
    return message
  }
}

/// A whole file.
struct ONNXModel {
  /// The version of the operators: the oldest in which RNN, GRU and LSTM are as they are today, so that runtimes since
  /// 2021 (onnxruntime 1.8) read it.
  static let operatorSet = 14
  /// The version of the file format that came with it (ONNX 1.9).
  static let formatVersion = 7

  let graph: ONNXGraph
  let producer: String
  let producerVersion: String
  let text: String
  let metadata: [(key: String, text: String)]

  var message: ProtobufMessage {
    var message = ProtobufMessage()
    message.append(1, integer: Self.formatVersion)
    message.append(2, text: producer)
    message.append(3, text: producerVersion)
    message.append(6, text: text)
    message.append(7, message: graph.message)
    var operators = ProtobufMessage()
    operators.append(1, text: "")
    operators.append(2, integer: Self.operatorSet)
    message.append(8, message: operators)
    for (key, text) in metadata {
      var entry = ProtobufMessage()
      entry.append(1, text: key)
      entry.append(2, text: text)
      message.append(14, message: entry)
    }
    return message
  }
}
