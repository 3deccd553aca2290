"""`manifest.json`, checked: its format, its schema, and what the schema cannot say."""

from collections.abc import Iterator
from typing import Any

import manifest_schema
import strict_json
from errors import Malformed, Unsupported

DEPTH = 32
BYTES = 1 << 20
WORD_BYTES = 256
QUANTIZATION = {"type": "int8", "granularity": "row", "activations": "dynamic row", "version": 1}


def parse(data: bytes) -> dict[str, Any]:
    manifest = strict_json.parse(data, "manifest.json", depth=DEPTH, limit=BYTES)
    _check_format(manifest)
    _check_engine(manifest.get("engine"))
    _check_newer(manifest.get("model"))
    faults = manifest_schema.faults(manifest) or [fault for fault in _disagreements(manifest) if fault]
    if faults:
        raise Malformed("manifest.json: " + "; ".join(faults))
    return manifest


def check_stated_engine(manifest: dict[str, Any]) -> None:
    """Refuses a package that claims to suit engines that would answer in another way."""
    model = manifest["model"]
    partner = model.get("partner")
    later = [manifest.get("behaviour"), partner, model["encoder"].get("running")]
    if partner is not None and partner["stack"].get("partnerMinLength") is not None:
        needed = "1.3"
    elif any(member is not None for member in later) or model["readout"]["type"] == "attention":
        needed = "1.2"
    else:
        needed = "1.0" if model.get("quantization") is None else "1.1"
    if _version(manifest["engine"]["min"]) < _version(needed):
        raise Malformed(f"engine.min is {manifest['engine']['min']!r}, but what the package says needs {needed}")


def _check_format(manifest: Any) -> None:
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found == "rnnpkg/1":
        return
    number = found.removeprefix("rnnpkg/") if isinstance(found, str) and found.startswith("rnnpkg/") else ""
    if number.isascii() and number.isdigit() and number[0] != "0":
        raise Unsupported(f"format {found!r} is newer than rnnpkg/1")
    raise Malformed(f"format is {found!r}, expected 'rnnpkg/1'")


def _check_engine(engine: Any) -> None:
    """What this reader knows is what engine 1.3 does."""
    least = engine.get("min") if isinstance(engine, dict) else None
    if _version(least) > _version("1.3"):
        raise Unsupported(f"engine.min is {least!r}; this reader does what engine 1.3 does")


def _version(text: Any) -> list[tuple[int, str]]:
    """Three numbers of any length, each by its length and its digits, which compare as it does."""
    numbers = text.split(".") if isinstance(text, str) else []
    if not 1 <= len(numbers) <= 3 or not all(number.isascii() and number.isdigit() for number in numbers):
        raise Malformed(f"engine.min is {text!r}, expected one to three numbers such as 1.0")
    digits = [number.lstrip("0") for number in numbers] + [""] * (3 - len(numbers))
    return [(len(number), number) for number in digits]


def _check_newer(model: Any) -> None:
    """What other values than those of version 1 would belong to a later one, whatever else is with them."""
    quantization = _member(model, "quantization")
    if quantization is not None and not _is_known(quantization):
        raise Unsupported(f"model/quantization is {quantization!r}; this reader knows {QUANTIZATION}")
    partner = {"kind": "nb-ngrams", "version": 1, "hash": "fnv1a64-chain"}
    known: list[tuple[str, list[Any], list[type]]] = [
        ("dtype", ["f32", "f16", "i8"], [str]),
        ("encoder/running/kind", ["continuous", "chopped", "windowed"], [str]),
        *((f"partner/{key}", [value], [str, int]) for key, value in partner.items()),
    ]
    for path, values, types in known:
        found = _member(model, path)
        if type(found) in types and found not in values:
            raise Unsupported(f"model/{path} is {found!r}; this reader knows {values}")


def _is_known(quantization: Any) -> bool:
    """Whether it is of this version, as far as it goes; 1.0 and true are not 1 here."""
    return isinstance(quantization, dict) and all(
        key in QUANTIZATION and type(value) is type(QUANTIZATION[key]) and value == QUANTIZATION[key]
        for key, value in quantization.items()
        if not key.startswith("x-")
    )


def _member(value: Any, path: str) -> Any:
    for key in path.split("/"):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _words(manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Strings whose length is bounded in bytes, each with its path."""
    for path in ("task/labels", "model/encoder/cell/gates"):
        yield from ((path, word) for word in _member(manifest, path) or [])
    yield from (("behaviour", row["name"]) for row in manifest.get("behaviour") or [])
    keys = [f"tokenizer/{key}" for key in ("type", "normalization", "case", "truncate", "fingerprint")]
    keys += ["model/encoder/cell/id", "model/encoder/cell/biases", "model/readout/type"]
    keys += ["model/output/activation", "model/output/calibration/method"]
    yield from ((path, word) for path in keys if (word := _member(manifest, path)) is not None)


def _disagreements(manifest: dict[str, Any]) -> list[str | None]:
    labels, output = manifest["task"]["labels"], manifest["model"]["output"]
    partner, rows = manifest["model"].get("partner"), manifest.get("behaviour") or []
    lists = {
        "task.ratings": manifest["task"].get("ratings"),
        "output.calibration.bias": (output.get("calibration") or {}).get("bias"),
        "output.thresholds": output.get("thresholds"),
        "partner.stack.bias": partner and partner["stack"]["bias"],
    }
    for index, evaluation in enumerate(manifest.get("evaluation") or []):
        for row in [evaluation.get("confusion"), *(evaluation.get("confusion") or [])]:
            lists[f"evaluation[{index}].confusion, {len(lists)}"] = row
    faults = [
        f"{path}: {len(values)} entries for {len(labels)} labels"
        for path, values in lists.items()
        if values is not None and len(values) != len(labels)
    ]
    faults += [f"{path}: {word!r} is too long" for path, word in _words(manifest) if len(word.encode()) > WORD_BYTES]
    faults += [f"behaviour of {row['name']!r}: more failures than cases" for row in rows if row["failures"] > row["cases"]]
    names = [row["name"] for row in rows]
    return faults + (["behaviour: a suite stands twice"] if len(set(names)) != len(names) else [])
