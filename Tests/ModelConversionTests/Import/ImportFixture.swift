import Foundation
import ModelConversion
import ModelPackage
import StrictJSON
import TestSupport

/// Descriptions as a TOML file's tables come, and the state dict that `tools/golden/state_dict.py` wrote.
enum ImportFixture {
  static func description(_ json: String) throws -> ImportDescription {
    try JSONValueDecoder().decode(ImportDescription.self, from: JSONValue(parsing: json))
  }

  /// Of what `StateDictExport` makes of a package.
  static func description(of package: ModelPackage, _ change: (inout ImportDescription) -> Void = { _ in })
    throws -> ImportDescription
  {
    let model = package.manifest.model
    let configuration = model.encoder.cell.config
    let setting = ["reset", "activation"].compactMap { key in
      configuration[key]?.stringValue.map { #""\#(key)": "\#($0)","# }
    }.joined()
    let labels = JSONValue.array(package.manifest.task.labels.map { .string($0) }).compactBytes()
    var description = try description(
      """
      {"weights": "w.safetensors", "vocabulary": "v.txt", "layout": "pytorch",
       "labels": \(String(decoding: labels, as: UTF8.self)),
       "model": {"cell": "\(model.encoder.cell.id)", \(setting) "hidden": \(configuration["hidden"]?.integerValue ?? 0),
                 "embedding": \(model.embedding.dim), "layers": \(model.encoder.layers),
                 "direction": "\(model.encoder.direction.rawValue)", "readout": "\(model.readout.type)",
                 "initial-state": "\(model.encoder.initialState.rawValue)"},
       "tokenizer": {"case": "lower"}, "specials": {"pad": 0, "unknown": 1, "begin": 2, "end": 3}}
      """)
    change(&description)
    return description
  }

  // MARK: The golden state dict

  static let goldenVocabulary = "<unk>\n<pad>\na\nwarm\nfilm\nnot\nbad\ndull\n.\n"

  static func golden(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: SourceTree.golden.appending(path: name)))
  }

  static func goldenDescription(_ change: (inout ImportDescription) -> Void = { _ in }) throws
    -> ImportDescription
  {
    var description = try description(
      """
      {"weights": "state_dict_gru.safetensors", "vocabulary": "v.txt", "layout": "pytorch",
       "labels": ["bad", "good", "mixed"],
       "model": {"cell": "gru", "reset": "after", "hidden": 6, "embedding": 5, "layers": 2,
                 "direction": "both", "readout": "last"},
       "tokenizer": {"case": "lower"}, "specials": {"pad": 1, "unknown": 0},
       "names": {"embedding.": "embed.", "rnn.": "gru.", "readout.": "fc."},
       "package": {"name": "golden", "version": "0.1.0", "license": "Apache-2.0"},
       "output": {"temperature": 1.25}}
      """)
    change(&description)
    return description
  }
}
