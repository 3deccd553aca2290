import ClassifierTraining
import RecurrentNumerics
import TestSupport
import Testing
import TextRecords

/// Labelled texts from files, and their split.
@Suite struct LabelledTextsTests {
  private let directory = TemporaryDirectory()

  private func texts(_ table: String) throws -> LabelledTexts {
    try LabelledTexts(files: [directory.file("data.tsv", table)], textField: "text", labelField: "label")
  }

  private var hundred: String {
    "label\ttext\n" + (0..<100).map { "\($0 % 5 == 0 ? "rare" : "common")\ttext \($0)\n" }.joined()
  }

  @Test func labelsAreFoundAndSortedByTheirBytes() throws {
    let texts = try texts("label\ttext\nzebra\tone\nÄpfel\ttwo\napple\tthree\nZoo\tfour\n")
    #expect(texts.labels == ["Zoo", "apple", "zebra", "Äpfel"])
    #expect(texts.texts == ["one", "two", "three", "four"])
    #expect(texts.targets == [2, 3, 1, 0])
  }

  /// Whichever form of a word stands first, the label is the composed one.
  @Test(arguments: [["caf\u{e9}", "cafe\u{301}", "z"], ["cafe\u{301}", "caf\u{e9}", "z"]])
  func twoFormsOfAWordAreOneLabel(_ labels: [String]) throws {
    let rows = labels.map { "\($0)\ttext\n" }.joined()
    let texts = try LabelledTexts(
      files: [try directory.file("forms.tsv", "label\ttext\n" + rows)], textField: "text",
      labelField: "label")
    #expect(texts.labels.map { Array($0.utf8) } == [Array("caf\u{e9}".utf8), Array("z".utf8)])
    #expect(texts.targets == [0, 0, 1])
  }

  @Test func aSplitIsStratifiedDisjointAndSeeded() throws {
    let texts = try texts(hundred)
    let (rest, held) = texts.split(holdingOut: 0.2, random: RandomStream(seed: 1))
    #expect(held.count == 20 && rest.count == 80)
    #expect(held.targets.count { texts.labels[$0] == "rare" } == 4)
    #expect(Set(held.texts).isDisjoint(with: rest.texts))
    #expect(Set(held.texts + rest.texts) == Set(texts.texts))
    #expect(rest.texts == texts.texts.filter { !held.texts.contains($0) })
    #expect(texts.split(holdingOut: 0.2, random: RandomStream(seed: 1)).held.texts == held.texts)
    #expect(texts.split(holdingOut: 0.2, random: RandomStream(seed: 2)).held.texts != held.texts)
  }

  /// The network would have a label that nothing taught it.
  @Test(arguments: [(0.5, 51), (0.9, 91), (1.0, 99)])
  func aSplitLeavesATextOfEachLabel(_ share: Double, _ count: Int) throws {
    let texts = try texts(hundred + "single\tone\ndouble\ttwo\ndouble\tthree\n")
    let (rest, held) = texts.split(holdingOut: share, random: RandomStream(seed: 1))
    #expect(Set(rest.targets) == Set(texts.targets))
    #expect(held.count == count && rest.count == texts.count - count)
  }

  @Test func aKnownLabelSetRefusesOthersWithTheirLine() throws {
    let path = try directory.file("dev.tsv", "label\ttext\npos\tone\nbad\u{1b}\ttwo\n")
    let error = #expect(throws: DataError.self) {
      _ = try LabelledTexts(file: path, textField: "text", labelField: "label", labels: ["neg", "pos"])
    }
    #expect(error == .unknownLabel(.line(path: path, line: 3), label: "bad\u{1b}", known: ["neg", "pos"]))
    let message = "\(try #require(error))"
    #expect(
      message.hasPrefix("\(path):3: ") && message.contains("\\u{1b}") && message.contains("\"neg\", \"pos\""))
  }

  /// Training would end with the package that cannot be made, and name a file that nobody has.
  @Test(arguments: ["bad\u{1b}", "\u{feff}pos", "a\u{202e}b", String(repeating: "a", count: 257)])
  func aLabelThatNoPackageMayHaveIsRefusedWithItsLine(_ label: String) throws {
    let path = try directory.file("train.tsv", "label\ttext\npos\tone\n\(label)\ttwo\n\(label)\tthree\n")
    let error = #expect(throws: DataError.self) {
      _ = try LabelledTexts(files: [path], textField: "text", labelField: "label")
    }
    #expect(error == .badLabel(.line(path: path, line: 3), label: label))
    #expect("\(try #require(error))".hasPrefix("\(path):3: the label \""))
  }

  /// Long texts where labels should be are no labels to correct.
  @Test func swappedColumnsOfLongTextsAreToldOf() throws {
    let rows = (0..<40).map { "text \($0) " + String(repeating: "long ", count: 60) + "\tpos\n" }
    let path = try directory.file("swapped.tsv", "label\ttext\n" + rows.joined())
    #expect(throws: DataError.scatteredLabels(40, count: 40)) {
      _ = try LabelledTexts(files: [path], textField: "text", labelField: "label")
    }
  }

  /// A package may have labels that differ in their bytes alone; a file may have a label in another normal form.
  @Test func labelsAreFoundByTheirBytesAndThenByWhatTheyMean() throws {
    let path = try directory.file("dev.tsv", "label\ttext\n\u{e9}\tone\ne\u{301}\ttwo\n")
    func targets(_ labels: [String]) throws -> [Int] {
      try LabelledTexts(file: path, textField: "text", labelField: "label", labels: labels).targets
    }
    #expect(try targets(["e\u{301}", "\u{e9}"]) == [1, 0])
    #expect(try targets(["no", "\u{e9}"]) == [1, 1])
    #expect(try targets(["e\u{301}", "no"]) == [0, 0])
  }

  @Test func aMapGivesLabelsOtherNames() throws {
    let path = try directory.file("dev.tsv", "label\ttext\n1\tone\n0\ttwo\npos\tthree\n")
    let texts = try LabelledTexts(
      file: path, textField: "text", labelField: "label", labels: ["neg", "pos"],
      labelMap: ["0": "neg", "1": "pos"])
    #expect(texts.targets == [1, 0, 1])
  }

  @Test func aMapToALabelThatIsNotKnownIsRefused() throws {
    let path = try directory.file("dev.tsv", "label\ttext\n1\tone\n")
    let error = #expect(throws: DataError.self) {
      _ = try LabelledTexts(
        file: path, textField: "text", labelField: "label", labels: ["neg", "pos"],
        labelMap: ["1": "good\u{1b}"])
    }
    #expect(error == .unknownTarget(label: "1", target: "good\u{1b}", known: ["neg", "pos"]))
    let message = "\(try #require(error))"
    #expect(message.contains("\"good\\u{1b}\"") && message.contains("\"neg\", \"pos\""), "\(message)")
  }

  /// A file without labels, and what is said of it.
  struct Unlabelled: Sendable {
    let name: String
    let content: String
    var labelField = "label"
    let parts: [String]
  }

  static let unlabelled = [
    Unlabelled(
      name: "rev.txt", content: "pos\tgood\n", parts: ["rev.txt: read as lines", "--format tsv", "its name"]),
    Unlabelled(
      name: "a.csv", content: "text, label\ngood,pos\n",
      parts: ["no column \"label\"", "\"text\", \" label\""]),
    Unlabelled(
      name: "a.tsv", content: "text\tlabel\ngood\tpos\n", labelField: "nope",
      parts: ["no column \"nope\"", "\"text\", \"label\"", "--label-field"]),
    Unlabelled(name: "a.tsv", content: "text\tlabel\ngood\t\n", parts: ["a.tsv:2: the label is empty"]),
    Unlabelled(name: "a.tsv", content: "\tgood\n", parts: ["a.tsv:1: the label is empty"]),
    Unlabelled(name: "a.tsv", content: "good\nbad\n", parts: ["a.tsv:1: the row is one column"]),
    Unlabelled(
      name: "a.jsonl", content: "{\"text\":\"good\"}\n",
      parts: ["a.jsonl:1: ", "key \"label\"", "--label-field"]),
    Unlabelled(name: "a.ft", content: "good\n", parts: ["a.ft:1: ", "__label__"]),
  ]

  @Test(arguments: unlabelled.indices)
  func aMissingLabelIsToldByItsCause(_ index: Int) throws {
    let sample = Self.unlabelled[index]
    let path = try directory.file(sample.name, sample.content)
    let error = #expect(throws: DataError.self) {
      _ = try LabelledTexts(files: [path], textField: "text", labelField: sample.labelField)
    }
    let message = "\(try #require(error))"
    for part in sample.parts { #expect(message.contains(part), "\(message)") }
    #expect(!message.contains("--no-header"), "\(message)")
  }

  @Test func aFormatWinsOverTheEndings() throws {
    let path = try directory.file("rev.txt", "pos\tgood\nneg\tbad\n")
    let texts = try LabelledTexts(
      files: [path], textField: "text", labelField: "label", format: DataFormat.tsv.recordFormat)
    #expect(texts.labels == ["neg", "pos"] && texts.texts == ["good", "bad"])
    #expect(DataFormat.auto.recordFormat == nil)
  }

  @Test func manyLabelsThatOccurOnceAreScattered() throws {
    let swapped = (0..<300).map { "text \(max($0, 1))\t\($0 % 2)\n" }.joined()
    let texts = try texts(swapped)
    #expect(texts.labels.count == 299 && texts.hasScatteredLabels)
    #expect(
      "\(DataError.scatteredLabels(299, count: 300))".hasPrefix(
        "299 different labels in 300 texts; are the columns swapped?"))
    #expect(try !self.texts(hundred).hasScatteredLabels)
    #expect(try !self.texts("a\tone\nb\ttwo\n").hasScatteredLabels)
  }

  /// Swapped columns of a large table: nothing may cost time or memory for each pair of its "labels".
  @Test func moreLabelsThanAPackageMayHaveAreRefusedOnceTheyAreKnown() throws {
    func table(_ count: Int) -> String { (0..<count).map { "text \($0)\t\($0 % 2)\n" }.joined() }
    let error = #expect(throws: DataError.self) { _ = try texts(table(65_537)) }
    #expect(error == .tooManyLabels(65_537, limit: 65_536, count: 65_537))
    #expect(
      error?.description
        == "65537 different labels in 65537 texts, and a classifier has at most 65536; are the columns swapped? Rows without "
        + "a header are label, then text; in a header --label-field and --text-field name the columns")
    // As many as a package may have are split in linear time: label by label it would be 4 · 10⁹ comparisons.
    let most = try texts(table(65_536))
    let (rest, held) = most.split(holdingOut: 0.5, random: RandomStream(seed: 1))
    #expect(most.labels.count == 65_536 && rest.count + held.count == 65_536)
  }

  @Test func severalLabelsOfATextAreRefused() throws {
    let path = try directory.file("data.ft", "__label__a __label__b text\n")
    let error = #expect(throws: DataError.self) {
      _ = try LabelledTexts(
        file: path, textField: "text", labelField: "label", labels: ["a", "b"], format: .fasttext)
    }
    #expect(error == .severalLabels(path: path, line: 1, labels: ["a", "b"]))
  }
}
