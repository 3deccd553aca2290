import FileAccess
import Foundation
import TestSupport
import Testing

@Suite struct OutputCheckTests {
  private let directory = TemporaryDirectory()

  @Test func anOutputThatIsReadIsRefusedHoweverItIsSpelt() throws {
    let file = directory.file("in.tsv")
    try FileAccess.write([1], to: file)
    let link = directory.file("link.tsv")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
    for output in [file, link, FileAccess.directory(of: file) + "/./in.tsv"] {
      let error = #expect(throws: FileError.self) {
        try FileAccess.checkOutput(output, isNoneOf: ["-", "", "none", file])
      }
      #expect(error == .outputIsInput(path: output, input: file))
      #expect(error?.category == .cannotCreate)
    }
    try FileAccess.checkOutput(directory.file("out.tsv"), isNoneOf: [file, link])
    try FileAccess.checkOutput("/dev/null", isNoneOf: ["/dev/null"])
  }

  @Test func linksAreTold() throws {
    let link = directory.file("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "nowhere")
    #expect(FileAccess.isSymbolicLink(link) && !FileAccess.isSymbolicLink(directory.file("none")))
  }
}
