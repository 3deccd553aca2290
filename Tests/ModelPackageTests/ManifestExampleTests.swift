import ModelPackage
import StrictJSON
import Testing

/// A manifest with every key that is documented, spelt as documented.
@Suite struct ManifestExampleTests {
  private static let example = #"""
    {
      "format": "rnnpkg/1",
      "name": "sentiment", "version": "1.2.0",
      "summary": "English film-review sentiment, GRU",
      "task": {"type": "classification", "multiLabel": false, "labels": ["negative", "positive"], "ratings": null},
      "languages": ["en"], "tags": ["sentiment", "reviews"],
      "license": "Apache-2.0", "authors": ["A"], "homepage": "https://example.org",
      "engine": {"min": "1.0", "builtWith": "1.3.0", "commit": "abc"},
      "tokenizer": {"type": "word", "version": 1, "normalization": "NFC", "case": "lower",
                    "specials": {"pad": 0, "unknown": 1, "begin": 2, "end": 3},
                    "size": 30000, "minDocuments": 5, "maxTokens": null, "truncate": "tail",
                    "fingerprint": "sha256:00"},
      "model": {"embedding": {"dim": 100, "trainable": true},
                "encoder": {"cell": {"id": "gru", "version": 1,
                                     "config": {"hidden": 128, "reset": "after", "activation": "tanh"},
                                     "gates": ["reset", "update", "new"], "biases": "split"},
                            "layers": 1, "direction": "both", "merge": "concat",
                            "initialState": "zero", "cellClip": null},
                "readout": {"type": "concat-pool", "dropout": 0.2, "hidden": []},
                "output": {"activation": "softmax",
                           "calibration": {"method": "temperature", "t": 1.38, "eceBefore": 0.061, "eceAfter": 0.012},
                           "abstainBelow": null, "conformal": {"alpha": 0.05, "quantile": 0.93}},
                "parameters": 3123456, "dtype": "f32", "quantization": null},
      "training": {"seed": 7, "config": {"epochs": 8, "nested": {"any": [1, 2.5, null]}},
                   "epochs": 8, "bestEpoch": 5, "selectedBy": "valid.macroF1",
                   "data": [{"name": "IMDb train", "url": "https://example.org", "license": "x", "rows": 22500,
                             "sha256": "00"}],
                   "pretraining": null, "wallSeconds": 412, "threads": 2, "platform": "linux-x86_64"},
      "evaluation": [{"data": {"name": "IMDb test", "rows": 25000, "sha256": "00"},
                      "metrics": {"accuracy": 0.8925, "macroF1": 0.8925, "logLoss": 0.268, "ece": 0.012},
                      "perClass": {"negative": {"precision": 0.887, "recall": 0.899, "f1": 0.893, "support": 12500}},
                      "confusion": [[11239, 1261], [1426, 11074]],
                      "command": "rnnpkg test"}],
      "behaviour": [{"name": "negation", "cases": 40, "failures": 3,
                     "sha256": "0000000000000000000000000000000000000000000000000000000000000000"}],
      "speed": {"textsPerSecond": 6100, "threads": 2, "cpu": "c", "meanTokens": 231},
      "card": {"intendedUse": "i", "limitations": "l", "bias": "b", "outOfScope": "o"},
      "provenance": {"created": "2026-01-01T00:00:00Z", "baseModel": null, "convertedFrom": null},
      "files": {"weights.safetensors":
                  {"sha256": "0000000000000000000000000000000000000000000000000000000000000000", "size": 12500000}},
      "x-": "any key that starts so is kept and ignored"
    }
    """#

  @Test func theDocumentedExampleIsRead() throws {
    let manifest = try Manifest(parsing: Array(Self.example.utf8))
    #expect(manifest.task.labels == ["negative", "positive"])
    #expect(manifest.tokenizer.letterCase == "lower")
    #expect(manifest.model.encoder.cell.config["hidden"] == 128)
    #expect(manifest.model.encoder.direction == .both)
    #expect(manifest.model.output.calibration?.t == 1.38)
    #expect(manifest.evaluation?.first?.metrics["ece"] == 0.012)
    #expect(manifest.evaluation?.first?.perClass?["negative"]?.support == 12_500)
    #expect(manifest.speed?.textsPerSecond == 6_100)
    #expect(manifest.files["weights.safetensors"]?.size == 12_500_000)
    #expect(try manifest.jsonValue()["x-"] == "any key that starts so is kept and ignored")
  }

  @Test func itIsWrittenBackWithoutItsNulls() throws {
    let manifest = try Manifest(parsing: Array(Self.example.utf8))
    let written = try manifest.canonicalBytes()
    #expect(try Manifest(parsing: written) == manifest)
    #expect(!String(decoding: written, as: UTF8.self).contains("\"merge\":null"))
  }

  /// Each key in turn becomes something else: an error or a manifest, never a trap.
  @Test func everyValueCanBeAnything() throws {
    let whole = try JSONValue(parsing: Self.example)
    let others: [JSONValue] = [
      nil, true, 0, -1, .integer(.max), 2.5, 1e300, "", "x", [], [nil], [:], ["k": [:]],
    ]
    var refused = 0
    for place in Self.places(in: whole) {
      for other in others where (try? Manifest(Self.replace(place, in: whole, by: other))) == nil {
        refused += 1
      }
    }
    #expect(refused > 500)
  }

  private static func places(in value: JSONValue) -> [[String]] {
    guard case .object(let object) = value else { return [] }
    return object.flatMap { member in [[member.key]] + places(in: member.value).map { [member.key] + $0 } }
  }

  private static func replace(_ path: [String], in whole: JSONValue, by value: JSONValue) -> JSONValue {
    guard let key = path.first, case .object(var object) = whole, let old = object[key] else { return whole }
    object[key] = path.count == 1 ? value : replace(Array(path.dropFirst()), in: old, by: value)
    return .object(object)
  }
}
