import ModelPackage
import RecurrentNumerics
import SequenceClassifier
import TestSupport
import Testing

/// Rows of an embedding, whatever it is stored as.
@Suite struct EmbeddingTableTests {
  private static let vocabulary = 23

  private func tensor(_ type: TensorType, width: Int) throws -> Tensor {
    var random = ReferenceRandom(seed: UInt64(width))
    let values = (0..<Self.vocabulary * width).map { _ in Float(random.uniform(in: -3..<3)) }
    // One number before it, so that rows start at odd addresses.
    let file = TensorFile(tensors: [
      Tensor(name: "a", shape: [1, 1], dtype: .i8, values: [1]),
      Tensor(name: "embedding.weight", shape: [Self.vocabulary, width], dtype: type, values: values),
    ])
    return try #require(try TensorFile(parsing: file.bytes())["embedding.weight"])
  }

  @Test(arguments: TensorType.ofWeights, KernelSet.supportedLevels)
  func rowsAreTheTensorsNumbers(_ type: TensorType, _ level: KernelLevel) throws {
    let kernels = try #require(KernelSet(level: level))
    let tokens: [Int32] = [0, 22, 5, 5, 1, 21, 0]
    for width in [1, 7, 16, 33, 100, 128] {
      let tensor = try tensor(type, width: width)
      let values = tensor.values
      let rows = Matrix(rows: 3, columns: width)
      EmbeddingTable(tensor).copyRows(of: tokens[2..<5], into: rows, kernels: kernels)
      for (row, token) in tokens[2..<5].enumerated() {
        #expect(
          rows.rowValues(row) == Array(values[Int(token) * width..<(Int(token) + 1) * width]),
          "row \(token) of \(width)")
      }
    }
  }

  @Test func aTensorThatWasNeverInAFileHasTheNumbersOfItsType() throws {
    for type in TensorType.ofWeights {
      let tensor = Tensor(name: "e", shape: [2, 3], dtype: type, values: [0.1, -0.2, 0.3, 70, 1e-3, -1])
      let rows = Matrix(rows: 2, columns: 3)
      EmbeddingTable(tensor).copyRows(of: [1, 0], into: rows, kernels: .best)
      let read = try TensorFile(parsing: TensorFile(tensors: [tensor]).bytes()).tensors[0].values
      #expect(rows.rowValues(1) + rows.rowValues(0) == read)
    }
  }
}
