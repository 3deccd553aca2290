import ModelPackage
import Testing

/// Tensors of bytes that are no weights.
@Suite struct ByteTensorTests {
  private let bytes = Tensor(name: "b", shape: [3, 2], dtype: .u8, values: [0, 1, 127, 128, 254, 255])

  @Test func bytesAreWrittenAndReadAgain() throws {
    let file = TensorFile(tensors: [bytes, Tensor(name: "w", shape: [1], values: [0.5])])
    let read = try TensorFile(parsing: file.bytes())
    #expect(read["b"]?.dtype == .u8 && read["b"]?.values == bytes.values)
    #expect(try read.bytes() == file.bytes())
    #expect(read.parameterCount == 1, "bytes are no parameters")
  }

  @Test(arguments: [-1, 256, 0.5, Float.nan, .infinity])
  func whatNoByteHoldsIsRefused(_ value: Float) {
    let file = TensorFile(tensors: [Tensor(name: "b", shape: [1, 2], dtype: .u8, values: [1, value])])
    #expect(throws: TensorFileError.byteValue(tensor: "b", count: 1)) { try file.bytes() }
  }

  @Test func aNetworkHasNoWeightsOfBytes() throws {
    var manifest = PackageFixture.manifest()
    manifest.model.dtype = .u8
    #expect(throws: ManifestError.newerFeature(path: "model.dtype", found: "\"u8\"")) {
      try manifest.validate()
    }
    manifest = PackageFixture.manifest()
    manifest.model.parameters = nil
    #expect(throws: PackageError.tensorType(tensor: "b", found: .u8, manifest: .f32)) {
      _ = try ModelPackage(
        manifest: manifest, vocabulary: PackageFixture.vocabulary, tensors: TensorFile(tensors: [bytes]))
    }
  }
}
