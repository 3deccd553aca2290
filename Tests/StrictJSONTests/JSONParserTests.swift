import StrictJSON
import Testing

@Suite struct JSONParserTests {
  @Test func anObjectKeepsItsOrder() throws {
    let value = try JSONValue(parsing: #"{"b":1,"a":[true,null,"x"]}"#)
    #expect(value.objectValue?.keys == ["b", "a"])
  }
}
