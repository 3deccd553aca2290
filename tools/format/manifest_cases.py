"""Changes to sound manifests: some leave them sound, others do not."""

import copy
from dataclasses import dataclass
from typing import Any

# A member that is taken away.
REMOVED = object()


@dataclass(frozen=True)
class Literal:
    """JSON as it stands in the file."""

    text: str

    def __repr__(self) -> str:
        return self.text if len(self.text) < 20 else f"{self.text[:12]}… of {len(self.text)} characters"


def changed(manifest: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The manifest with another value at `path`, where numbers are places in arrays."""
    result = copy.deepcopy(manifest)
    *parents, last = path.split("/")
    place: Any = result
    for key in parents:
        place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
    if value is REMOVED:
        del place[last]
    else:
        place[last] = value
    return result


DATA = {"name": "made up"}
STACK = {"network": 1, "partner": 0.5, "bias": [0, 0.25]}
PARTNER = {
    "kind": "nb-ngrams", "version": 1, "orders": 3, "hash": "fnv1a64-chain", "features": 9, "stack": STACK,
}
CLASS = {"precision": 1, "recall": 0.5, "f1": 0.75, "support": 2}
QUANTIZATION = {"type": "int8", "granularity": "row", "activations": "dynamic row", "version": 1}

# Of a manifest of two labels, f32.
CASES: list[tuple[str, Any]] = [
    ("format", "rnnpkg/2"), ("format", "rnnpkg/" + "9" * 41), ("format", "rnnpkg/01"), ("format", 1), ("format", REMOVED),
    ("name", "Upper"), ("name", ".first"), ("name", "a+b"), ("name", "a" * 128), ("name", "a" * 129), ("name", "a\n"),
    ("version", "1.0+B_2"), ("version", "1 0"), ("version", "1" * 65), ("version", ""),
    ("summary", None), ("summary", 3), ("summary", "two\nlines"), ("languages", "en"), ("languages", [1]), ("languages", []),
    ("unknown", 1), ("x-mine", {"any": [1]}), ("model/x-mine", 1), ("model/unknown", 1), ("engine/x-y", None),
    ("engine", {}), ("engine/min", ""), ("engine/min", "a" * 257), ("engine/min", "\x7f"),
    ("engine/min", "1"), ("engine/min", "1.0.0"), ("engine/min", "1.0.0.0"), ("engine/min", "+1"), ("engine/min", "1."), ("engine/builtWith", 1),
    ("engine/min", "0" * 25 + "1"), ("engine/min", "1." + "0" * 25), ("engine/min", "1.0." + "9" * 19),
    ("task/type", "ordinal"), ("task/type", "tagging"), ("task/multiLabel", True), ("task/multiLabel", 1),
    ("task/labels", ["a", "a"]), ("task/labels", ["a", ""]), ("task/labels", ["a", "b\u2028c"]),
    ("task/labels", ["e\u0301", "\u00e9"]), ("task/labels", [1, 2]), ("task/labels", REMOVED), ("task/labels", []),
    ("task/ratings", [1, 2.5]), ("task/ratings", ["1", "2"]),
    ("tokenizer/type", 1), ("tokenizer/type", "bytes"), ("tokenizer/version", 0), ("tokenizer/version", 1.0),
    ("tokenizer/version", (1 << 31) - 1), ("tokenizer/version", 1 << 31), ("tokenizer/type", "x" * 257),
    ("tokenizer/version", REMOVED), ("tokenizer/specials", {"pad": 0}), ("tokenizer/specials/pad", 9),
    ("tokenizer/specials/end", 2_000_000), ("tokenizer/size", 0), ("tokenizer/size", 2_000_001), ("tokenizer/size", "9"),
    ("tokenizer/maxTokens", 0), ("tokenizer/maxTokens", 1 << 30), ("tokenizer/maxTokens", (1 << 30) + 1),
    ("tokenizer/minDocuments", -1), ("tokenizer/truncate", ""), ("tokenizer/truncate", "elsewhere"),
    ("tokenizer/fingerprint", "sha256:0"), ("tokenizer/case", None), ("tokenizer/case", False),
    ("model/embedding/dim", 0), ("model/embedding/dim", 65_537), ("model/embedding/trainable", "yes"),
    ("model/encoder/layers", 0), ("model/encoder/layers", 65), ("model/encoder/layers", 1 << 62),
    ("model/encoder/layers", True), ("model/encoder/direction", "up"), ("model/encoder/merge", "sum"),
    ("model/encoder/merge", "product"), ("model/encoder/merge", None), ("model/encoder/initialState", "learned"),
    ("model/encoder/initialState", "ones"), ("model/encoder/cellClip", 0), ("model/encoder/cellClip", 5),
    ("model/encoder/cell/id", "x" * 257), ("model/encoder/cell/id", "other"), ("model/encoder/cell/version", 7),
    ("model/encoder/cell/version", -1), ("model/encoder/cell/version", (1 << 31) - 1), ("model/encoder/cell/version", 1 << 31),
    ("model/encoder/cell/config", []), ("model/encoder/cell/config", {"other": {}}),
    ("model/encoder/cell/config/hidden", 65_537), ("model/encoder/cell/config/hidden", 2.5),
    ("model/encoder/cell/gates", ["a"] * 65), ("model/encoder/cell/gates", []), ("model/encoder/cell/gates", [""]),
    ("model/encoder/cell/biases", "one"), ("model/encoder/cell/biases", ""),
    ("model/encoder/running", {"kind": "continuous"}), ("model/encoder/running", {"kind": "continuous", "length": 3}),
    ("model/encoder/running", {"kind": "chopped", "length": 65_536}), ("model/encoder/running", {"kind": "chopped"}),
    ("model/encoder/running", {"kind": "chopped", "length": 65_537}), ("model/encoder/running", {"kind": "skipped"}),
    ("model/encoder/running", {"kind": "windowed", "length": 256}), ("model/encoder/running", {}),
    ("model/encoder/running", {"kind": "windowed", "length": 257}),
    ("model/encoder/running", {"kind": "windowed", "length": 0}),
    ("model/encoder/running", {"kind": "skipped", "stride": 3}), ("model/encoder/running", {"kind": 3}),
    ("model/readout/type", REMOVED), ("model/readout/type", "other"), ("model/readout/dropout", 1.5),
    ("model/readout/dropout", 1), ("model/readout/hidden", [4, 65_536]), ("model/readout/hidden", [0]),
    ("model/readout/hidden", [1] * 17), ("model/output/activation", ""), ("model/output/activation", "sigmoid"),
    ("model/output/abstainBelow", 0.5), ("model/output/abstainBelow", -0.1),
    ("model/output/calibration", {"method": "temperature", "t": 0}),
    ("model/output/calibration", {"method": "temperature", "t": 0.009}),
    ("model/output/calibration", {"method": "temperature", "t": 0.01}),
    ("model/output/calibration", {"method": "temperature", "t": 100}),
    ("model/output/calibration", {"method": "temperature", "t": None}),
    ("model/output/calibration", {"method": "temperature", "t": 100.1}), ("model/output/calibration", {"t": 1}),
    ("model/output/calibration", {"method": "vector", "bias": [0, 1]}),
    ("model/output/conformal", {"alpha": 0.05, "quantile": 7}), ("model/output/conformal", {"alpha": 2, "quantile": 7}),
    ("model/output/conformal", {"alpha": 0.1}), ("model/output/thresholds", [0.1, 9]), ("model/output/thresholds", [True, 1]),
    ("model/dtype", "f16"), ("model/dtype", "u8"), ("model/dtype", "f64"), ("model/dtype", "i8"), ("model/dtype", 32),
    ("model/quantization", QUANTIZATION), ("model/quantization", {"type": "int4"}), ("model/quantization", None),
    ("model/quantization", "int4"), ("model/quantization", QUANTIZATION | {"bits": 4}), ("model/quantization", []),
    ("model/quantization", QUANTIZATION | {"version": 1.0}),
    ("model/parameters", 0), ("model/parameters", None), ("model/parameters", "many"),
    ("model/partner", PARTNER), ("model/partner", PARTNER | {"orders": 6}), ("model/partner", PARTNER | {"features": 0}),
    ("model/partner", PARTNER | {"kind": "other"}), ("model/partner", PARTNER | {"version": 2}),
    ("model/partner", PARTNER | {"hash": "other"}), ("model/partner", PARTNER | {"stack": STACK | {"network": 1e7}}),
    ("model/partner", PARTNER | {"stack": STACK | {"networkByLength": -0.1, "partnerByLength": None}}),
    ("model/partner", PARTNER | {"stack": STACK | {"partnerByLength": -1e7}}),
    ("model/partner", PARTNER | {"stack": STACK | {"byLength": 1}}),
    ("model/partner", PARTNER | {"stack": STACK | {"partnerMinLength": 30}}),
    ("model/partner", PARTNER | {"stack": STACK | {"partnerMinLength": None}}),
    ("model/partner", PARTNER | {"stack": STACK | {"partnerMinLength": 0}}),
    ("model/partner", PARTNER | {"stack": STACK | {"partnerMinLength": 1.5}}),
    ("model/partner", PARTNER | {"stack": STACK | {"partnerMinLength": (1 << 30) + 1}}),
    ("model/partner", PARTNER | {"minDocuments": 0}), ("model/partner", PARTNER | {"l2": "1"}), ("model/partner", None),
    ("training", None), ("training", {}), ("training/seed", 1.5), ("training/seed", -1), ("training/config", [1]),
    ("training/data", [DATA]), ("training/data", [{}]), ("training/data", [DATA | {"sha256": "short"}]),
    ("training/data", [DATA | {"rows": 2.0}]), ("training/wallSeconds", 3), ("training/unknown", 1),
    ("evaluation", [{"data": DATA, "metrics": {"any": 1, "x-any": 2}}]), ("evaluation", [{"data": DATA}]),
    ("evaluation", [{"data": DATA, "metrics": {"any": "1"}}]),
    ("evaluation", [{"data": DATA, "metrics": {}, "perClass": {"x-ray": CLASS}}]),
    ("evaluation", [{"data": DATA, "metrics": {}, "perClass": {"a": {}}}]),
    ("evaluation", [{"data": DATA, "metrics": {}, "confusion": [[1, 2], [3, -4]]}]),
    ("evaluation", [{"data": DATA, "metrics": {}, "confusion": [[1, 2], [3, 4.0]]}]),
    ("evaluation", [{"data": DATA, "metrics": {}, "confusion": [[1, 2], [3, -1 << 63]]}]),
    ("evaluation", [{"data": DATA, "metrics": {}, "confusion": [[1, 2], [3, 1 << 63]]}]),
    ("evaluation", [{"data": DATA, "metrics": {}, "perClass": {"a": CLASS | {"support": (1 << 63) - 1}}}]),
    ("evaluation", [{"data": DATA, "metrics": {}, "perClass": {"a": CLASS | {"support": 1 << 63}}}]),
    ("behaviour", [{"name": "a", "cases": 2, "failures": 1, "sha256": "0" * 64}]),
    ("behaviour", [{"name": "a", "cases": 0, "failures": 0, "sha256": "0" * 64}]),
    ("behaviour", [{"name": "a", "cases": 2, "failures": 1, "sha256": "A" * 64}]),
    ("speed", {"textsPerSecond": 1}), ("speed", {}), ("speed", {"textsPerSecond": 1, "threads": 1.0}),
    ("card", {"bias": "none"}), ("card", {"other": "none"}), ("provenance", {"created": 1}),
    ("provenance", {"created": "yesterday", "baseModel": {"any": 1}, "convertedFrom": []}),
]

CELL = "model/encoder/cell"
OPTION = f"{CELL}/config"
SUITE = {"name": "a", "cases": 2, "failures": 1, "sha256": "0" * 64}

# An example, and the exit code of a package of it with the changed manifest.
PACKAGE_CASES: list[tuple[str, str, Any, int]] = [
    ("lstm", "x-mine", 1, 0),
    ("lstm", "format", "rnnpkg/" + "9" * 41, 78),
    ("lstm", "engine/min", "0.9", 76), ("lstm", "engine/min", "1", 0), ("lstm", "engine/min", "1.3.1", 78),
    ("lstm", "engine/min", "9" * 23, 78), ("lstm", "engine/min", "1." + "9" * 23, 78), ("lstm", "engine/min", "0" * 23 + "1", 0),
    ("lstm", "behaviour", [SUITE], 76), ("lstm", "behaviour", None, 0),
    ("lstm", "model/encoder/running", {"kind": "continuous"}, 76), ("lstm", "model/encoder/running", None, 0),
    ("lstm-int8", "engine/min", "1.0.9", 76), ("partner", "engine/min", "1.1", 76), ("windowed", "engine/min", "1.1", 76),
    ("gru-before", "engine/min", "1.1", 76),
    ("partner", "model/partner/stack/partnerMinLength", 30, 76), ("partner", "model/partner/stack/partnerMinLength", None, 0),
    ("partner-long", "engine/min", "1.2", 76), ("partner-long", "engine/min", "1.3", 0),
    ("lstm", "model/encoder/running", {"kind": "skipped", "stride": 3}, 78), ("lstm", "model/encoder/running", {"kind": 3}, 76),
    ("lstm", "model/dtype", "f64", 78), ("lstm", "model/dtype", 32, 76),
    ("lstm-int8", "model/quantization", "int4", 78), ("lstm-int8", "model/quantization", QUANTIZATION | {"bits": 4}, 78),
    ("lstm-int8", "model/quantization", QUANTIZATION | {"x-bits": 4}, 0),
    ("partner", "model/partner/version", 2, 78), ("partner", "model/partner/version", False, 76),
    ("lstm", "model/output/calibration/t", None, 0), ("lstm", "model/output/conformal", {"alpha": 0.1, "quantile": 1}, 0),
    ("lstm", "tokenizer/type", "bytes", 78), ("lstm", "tokenizer/type", "\u00e9" * 129, 76),
    ("lstm", "tokenizer/version", 2, 78), ("lstm", "tokenizer/version", 1 << 31, 76),
    ("lstm", f"{CELL}/id", "other", 78), ("lstm", f"{CELL}/version", 2, 78), ("lstm", f"{CELL}/version", 1 << 31, 76),
    ("lstm", f"{OPTION}/hidden", REMOVED, 76), ("lstm", f"{OPTION}/other", None, 76), ("lstm", f"{OPTION}/x-other", 1, 0),
    ("rnn", f"{OPTION}/activation", "sigmoid", 76), ("rnn", f"{OPTION}/activation", 1, 76),
    ("rnn", f"{OPTION}/activation", None, 0), ("rnn", f"{OPTION}/reset", "after", 76),
    ("gru-after", f"{OPTION}/reset", "middle", 76), ("gru-after", f"{OPTION}/reset", None, 0),
    ("lstm", f"{CELL}/gates", ["i", "f", "g", "o"], 76), ("lstm", f"{CELL}/gates", [], 76), ("lstm", f"{CELL}/gates", None, 0),
    ("lstm", f"{CELL}/biases", "one", 76), ("lstm", f"{CELL}/biases", None, 0),
    ("lstm", "evaluation/0/perClass/good/support", Literal("-0"), 76), ("lstm", "x-mine", Literal("-0"), 0),
    ("lstm", "evaluation/0/perClass/good/support", 1 << 63, 76),
    ("lstm", "evaluation/0/perClass/good/support", (1 << 63) - 1, 0),
    ("lstm", "x-mine", Literal("1" * 300), 0), ("lstm", "x-mine", Literal("1" * 400), 76),
    ("lstm", "x-mine", Literal("0." + "1" * 1_098), 0), ("lstm", "x-mine", Literal("0." + "1" * 1_099), 76),
    ("lstm", "x-mine", Literal("1e" + "0" * 1_099), 76),
]
