import Testing
import TextRecords

@Suite struct LabelledLineTests {
  @Test(
    arguments: [
      ("__label__x good\n", ["good"], [["x"]]),
      ("__label__x __label__y\tgood  day \n", ["good  day "], [["x", "y"]]),
      ("good\n", ["good"], [[]]),
      ("__label__x\n", [""], [["x"]]),
      ("__label__x a __label__y\r\n", ["a __label__y"], [["x"]]),
      ("\n__label__ä ö\n\n", ["ö"], [["ä"]]),
      ("__label__ a\nb\n", ["<missing_field>", "b"], [[], []]),
      (" __label__x a", [" __label__x a"], [[]]),
      ("\u{feff}__label__x a\u{0}\u{2028}", ["a\u{0}\u{2028}"], [["x"]]),
    ] as [(String, [String], [[String]])])
  func `labels stand before the text`(
    _ text: String, _ texts: [String], _ labels: [[String]]
  ) throws {
    let read = try records(text, .fasttext)
    #expect(read.map(\.summary) == texts)
    #expect(read.map(\.labels) == labels)
  }
}
