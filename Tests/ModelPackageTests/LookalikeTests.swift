import ModelPackage
import Testing

/// What first bytes are taken for, at the edges of what they may be.
@Suite struct LookalikeTests: ArchiveRefusals {
  let files: [(member: PackageMember, bytes: [UInt8])] = []

  @Test func picklesOfProtocols2To5AreRecognised() {
    for version in UInt8(0)...8 {
      #expect(
        refusal([0x80, version, 0x95]) == .notAPackage((2...5).contains(version) ? .pickle : .unknown))
    }
    #expect(refusal([0x80]) == .notAPackage(.unknown))
  }

  @Test func whiteSpaceBeforeAWebPageIsPassedOver() {
    for byte in UInt8(0x07)...0x10 {
      let isSpace = (0x09...0x0d).contains(byte)
      #expect(refusal([byte] + Array("<html>".utf8)) == .notAPackage(isSpace ? .html : .unknown))
    }
    #expect(refusal(Array("\u{feff}<?XML version".utf8)) == .notAPackage(.html))
  }

  @Test func onlyAnObjectIsTakenForJSON() {
    #expect(refusal(Array(" {\"a\":1}".utf8)) == .notAPackage(.json))
    #expect(refusal(Array("[1,2]".utf8)) == .notAPackage(.unknown))
  }

  @Test func aPatternMayBeTheWholeFile() {
    #expect(refusal(Array("BZh".utf8)) == .notAPackage(.bzip2))
    #expect(refusal(Array("BZ".utf8)) == .notAPackage(.unknown))
  }
}
