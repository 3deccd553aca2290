/// One JSON document: an array of the objects of `JSONLinesOutput`, each on a line of its own.
///
///     [{"index":0,"label":"positive",…}
///     ,{"index":1,"label":"negative",…}
///     ]
///
/// The comma stands before a record, so that each is written whole as it comes. Where a run fails or is stopped, what standard
/// output has got by then is not a whole document.
struct JSONArrayOutput: RecordWriter {
  let records: JSONLinesOutput

  mutating func begin(columns: [String], into bytes: inout [UInt8]) { bytes.append("[" as StaticString) }

  func append(_ answer: RecordAnswer, to record: InputRecord, into bytes: inout [UInt8]) {
    if record.index > 0 { bytes.append(.comma) }
    records.append(answer, to: record, into: &bytes)
  }

  func end(into bytes: inout [UInt8]) { bytes.append("]\n" as StaticString) }
}
