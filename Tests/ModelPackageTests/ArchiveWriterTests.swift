import CZlib
import FileAccess
import ModelPackage
import Testing

/// What a written package looks like to other tools.
@Suite struct ArchiveWriterTests {
  /// A package whose only tensor holds these numbers.
  private func package(_ values: [Float], _ dtype: TensorType = .f32) throws -> ModelPackage {
    var manifest = PackageFixture.manifest()
    manifest.model.parameters = values.count
    manifest.model.dtype = dtype
    return try ModelPackage(
      manifest: manifest, vocabulary: PackageFixture.vocabulary,
      tensors: TensorFile(tensors: [Tensor(name: "w", shape: [values.count], dtype: dtype, values: values)]))
  }

  /// Numbers whose bits below the exponent follow no pattern, as trained ones.
  private func noise(_ count: Int) -> [Float] {
    var state: UInt64 = 1
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(bitPattern: 0x3f80_0000 | UInt32(state >> 41)) - 1.5
    }
  }

  private func inflated(_ bytes: [UInt8], capacity: Int) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: capacity)
    var input = bytes
    var stream = z_stream()
    let count = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output -> Int in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
          return 0
        }
        defer { inflateEnd(&stream) }
        return inflate(&stream, Z_FINISH) == Z_STREAM_END ? Int(stream.total_out) : 0
      }
    }
    return Array(output[..<count])
  }

  @Test func headersAreThoseOfPlainFiles() throws {
    let package = try PackageFixture.package()
    let archive = inflated(try package.archiveBytes(), capacity: 1 << 20)
    var place = 0
    for file in try package.files() {
      let header = Array(archive[place..<place + 512])
      func field(_ range: Range<Int>) -> String { String(decoding: header[range], as: UTF8.self) }
      let name = file.member.rawValue
      #expect(field(0..<100) == name + String(repeating: "\0", count: 100 - name.utf8.count))
      #expect(field(100..<124) == "000644 \0000000 \0000000 \0")
      #expect(Int(field(124..<135), radix: 8) == file.bytes.count)
      #expect(field(135..<148) == " 00000000000 ")
      #expect(field(156..<157) == "0")
      #expect(field(257..<265) == "ustar\000")
      let sum = header.enumerated().reduce(0) {
        $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element))
      }
      #expect(Int(field(148..<154), radix: 8) == sum)
      #expect(archive[place + 512..<place + 512 + file.bytes.count].elementsEqual(file.bytes))
      place += 512 + (file.bytes.count + 511) / 512 * 512
    }
    #expect(archive[place...] == ArraySlice(repeating: 0, count: 1_024))
  }

  @Test func weightsThatGainLittleAreStored() throws {
    let package = try package(noise(200_000))
    let bytes = try package.archiveBytes()
    let weights = try #require(try package.files().last).bytes
    #expect(bytes.count > weights.count)
    #expect(bytes.count < weights.count + 4_096)
    // A stored block begins with the file, headers apart; one in its middle can be found as it is.
    let sample = Array(weights[300_000..<300_064])
    #expect(
      bytes.indices.dropLast(64).contains {
        bytes[$0] == sample[0] && bytes[$0..<$0 + 64].elementsEqual(sample)
      })
    #expect(try ModelPackage(bytes: bytes).tensors == package.tensors)
    #expect(try ModelPackage(bytes: bytes).archiveBytes() == bytes)
  }

  @Test func weightsThatGainMuchAreCompressed() throws {
    let package = try package([Float](repeating: 0.5, count: 200_000))
    let bytes = try package.archiveBytes()
    #expect(bytes.count < 10_000)
    #expect(try ModelPackage(bytes: bytes).tensors == package.tensors)
  }

  @Test func aDeflatedPackageIsReadToo() throws {
    let package = try package(noise(200_000), .f16)
    let archive = inflated(try package.archiveBytes(), capacity: 1 << 20)
    let read = try ModelPackage(bytes: GzipBytes.compressed(archive))
    #expect(read.id == package.id)
    #expect(try read.archiveBytes() == package.archiveBytes())
  }
}
