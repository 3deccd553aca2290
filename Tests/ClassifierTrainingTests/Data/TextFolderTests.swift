import ClassifierTraining
import FileAccess
import Foundation
import TestSupport
import Testing
import TextRecords

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Folders of plain texts, with a folder for each label and without.
@Suite struct TextFolderTests {
  private let scratch = TemporaryDirectory()

  private func write(_ files: KeyValuePairs<String, String>) throws {
    for (name, text) in files {
      let folder = FileAccess.directory(of: scratch.file(name))
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try scratch.file(name, text)
    }
  }

  private func labelled(_ name: String = "data") throws -> LabelledTexts {
    try LabelledTexts(files: [scratch.file(name)], textField: "text", labelField: "label")
  }

  private func unlabelled(_ name: String = "data") throws -> [String] {
    var texts: [String] = []
    try UnlabelledTexts.forEach(in: [scratch.file(name)], textField: "text") { texts.append($0) }
    return texts
  }

  /// What is wrong with the folder, as labelled texts.
  private func error(_ name: String = "data") -> DataError? {
    #expect(throws: DataError.self) { try labelled(name) }
  }

  @Test func foldersAreLabelsAndFilesAreTextsInTheOrderOfTheirBytes() throws {
    try write([
      "data/pos/b.txt": "lovely", "data/pos/a": "\nwarm\r\n\nand funny\r\n\n", "data/neg/10.txt": "dull",
      "data/neg/9.txt": "\u{feff}weak\n",
    ])
    let texts = try labelled()
    #expect(texts.labels == ["neg", "pos"])
    #expect(texts.texts == ["dull", "weak", "\nwarm\n\nand funny", "lovely"])
    #expect(texts.targets == [0, 0, 1, 1])
    let slashed = try LabelledTexts(
      file: scratch.file("data//"), textField: "review", labelField: "stars", labels: ["bad", "pos"],
      labelMap: ["neg": "bad"], format: .csv)
    #expect(slashed.texts == texts.texts && slashed.targets == texts.targets)
    #expect(try unlabelled() == texts.texts && unlabelled("data/neg/") == ["dull", "weak"])
  }

  /// Folders stand beside files, in the order that they are named.
  @Test func aFolderAndAFileAreReadTogether() throws {
    try write(["data/a/1": "one", "more.tsv": "label\ttext\nb\ttwo\n"])
    let paths = [scratch.file("more.tsv"), scratch.file("data")]
    let texts = try LabelledTexts(files: paths, textField: "text", labelField: "label")
    #expect(texts.texts == ["two", "one"] && texts.targets == [1, 0])
  }

  @Test func hiddenNamesAndFilesBesideLabelsArePassedOver() throws {
    try write([
      "data/a/1": "one", "data/a/.hidden": "no", "data/.git/x": "no", "data/README": "no", "data/b/2": "two",
    ])
    #expect(try labelled().texts == ["one", "two"])
  }

  @Test func gzipTextsAreUnpackedAndEmptyFilesAreEmptyTexts() throws {
    try write(["data/a/1": "", "data/b/2": ""])
    try scratch.file("data/b/2", StoredGzip.member(Array("packed\n".utf8)))
    #expect(try labelled().texts == ["", "packed"])
  }

  @Test func twoFormsOfAFolderNameAreOneLabel() throws {
    try write(["data/caf\u{e9}/1": "one", "data/x/2": "two"])
    let other = scratch.file("data/cafe\u{301}")
    // A file system may take both for one.
    try? FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    try write(["data/cafe\u{301}/3": "three"])
    #expect(try labelled().labels == ["caf\u{e9}", "x"])
  }

  // MARK: Refusals

  @Test func aFolderWithoutFoldersHasNoLabels() throws {
    try write(["data/1.txt": "one"])
    #expect(error() == .noFolders(path: scratch.file("data")))
    #expect(try unlabelled() == ["one"])
  }

  /// Labels that nobody meant are named, however rare each is.
  @Test func aBadLabelIsNamedAmongManyFolders() throws {
    for number in 0..<12 { try write(["data/\(number)/1": "text"]) }
    try write(["data/b\u{202e}/2": "two"])
    let path = scratch.file("data/b\u{202e}")
    #expect(error() == .badLabel(.folder(path: path), label: "b\u{202e}"))
  }

  @Test func anEmptyFolderIsRefused() throws {
    try write(["none/.keep": ""])
    #expect(error("none") == .emptyFolder(path: scratch.file("none")))
    try write(["data/a/1": "one", "data/b/.keep": ""])
    #expect(error() == .emptyFolder(path: scratch.file("data/b")))
    #expect(throws: DataError.emptyFolder(path: scratch.file("data/b"))) { try unlabelled("data/b") }
  }

  @Test func aFolderAmongTextsIsRefused() throws {
    try write(["data/a/1": "one", "data/a/deep/2": "two"])
    let deep = try #require(error())
    #expect(deep == .folderAmongTexts(path: scratch.file("data/a/deep")))
    #expect(
      "\(deep)".hasSuffix("or name \(scratch.file("data/a")) where its folders are the labels"), "\(deep)")
  }

  @Test func aFileThatIsNoTextIsNamed() throws {
    try write(["data/a/1": "one", "data/a/2": ""])
    let path = try scratch.file("data/a/2", [0x61, 0xff])
    #expect(error() == .badRecord(path: path, line: 1, fault: .invalidUTF8(byte: 0xff, offset: 1)))
    for bytes: [UInt8] in [[0x61, 10, 0, 0x62], [10, 0x61, 0], [10, 0, 10]] {
      try scratch.file("data/a/2", bytes)
      #expect(error() == .nulInText(path: path, line: 2))
    }
    try scratch.file("data/a/2", [0xff, 0xfe, 0x61, 0])
    let wide = try #require(error())
    guard case .unreadable(.utf16) = wide else { Issue.record("\(wide)"); return }
  }

  /// Two halves of the largest text would fit line by line.
  @Test func aTextBeyondTheLimitIsRefused() throws {
    try write(["data/a/1": "one"])
    let line = [UInt8](repeating: 0x61, count: 9 << 20) + [10]
    let path = try scratch.file("data/a/2", line + line)
    guard case .badRecord(path, 2, .textTooLong) = error() else { Issue.record("a text of 18 MiB"); return }
  }

  /// Neither is passed over: the files may be the texts, and so may those of the folder.
  @Test func filesAndFoldersAreNotMixedWithoutLabels() throws {
    try write(["data/a/1": "one", "data/2": "two"])
    let mixed = DataError.mixedFolder(folder: scratch.file("data/a"), file: scratch.file("data/2"))
    #expect(throws: mixed) { try unlabelled() }
    #expect("\(mixed)".contains("such as 2;"))
  }

  @Test func linksAreFollowedAndThoseThatLeadNowhereAreTold() throws {
    try write(["store/1": "one", "data/b/2": "two"])
    let link = scratch.file("data/a")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: scratch.file("store"))
    #expect(try labelled().texts == ["one", "two"])
    try FileManager.default.moveItem(atPath: scratch.file("store"), toPath: scratch.file("elsewhere"))
    #expect(error() == .file(.notFound(path: link)))
    try FileManager.default.removeItem(atPath: link)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: link)
    #expect(error() == .file(.system(path: link, operation: .inspect, code: ELOOP)))
  }

  /// It would be waited for.
  @Test func aPipeIsRefused() throws {
    try write(["data/a/1": "one"])
    let path = scratch.file("data/a/2")
    #expect(mkfifo(path, 0o600) == 0)
    #expect(error() == .file(.notRegularFile(path: path, kind: .pipe)))
  }

  #if os(Linux)
    /// Other systems repair or refuse such a name themselves.
    @Test func aNameThatIsNotUTF8IsToldOf() throws {
      try write(["data/a/1": "one"])
      let name: [UInt8] = Array(scratch.file("data/").utf8) + [0xff, 0]
      let made = name.withUnsafeBufferPointer { bytes in
        bytes.withMemoryRebound(to: CChar.self) { $0.baseAddress.map { mkdir($0, 0o700) } }
      }
      #expect(made == 0)
      #expect(error() == .lostName(path: scratch.file("data/\u{fffd}")))
    }
  #endif

  /// A folder is to be renamed, where a file would be corrected.
  @Test func labelsAreRefusedWithTheirFolder() throws {
    try write(["data/a/1": "one", "data/b\u{202e}/2": "two"])
    let path = scratch.file("data/b\u{202e}")
    let bad = try #require(error())
    #expect(bad == .badLabel(.folder(path: path), label: "b\u{202e}"))
    #expect("\(bad)".hasSuffix("; rename the folder or move it away"), "\(bad)")
    let unknown = #expect(throws: DataError.self) {
      try LabelledTexts(file: scratch.file("data"), textField: "text", labelField: "label", labels: ["b"])
    }
    #expect(unknown == .unknownLabel(.folder(path: scratch.file("data/a")), label: "a", known: ["b"]))
  }
}
