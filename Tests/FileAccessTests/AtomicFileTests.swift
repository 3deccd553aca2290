import FileAccess
import Testing

@Suite struct AtomicFileTests {
  @Test func aMissingFileIsNotFound() {
    #expect(throws: FileError.notFound(path: "/nonexistent/x")) {
      try FileAccess.read("/nonexistent/x", limit: 10)
    }
  }
}
