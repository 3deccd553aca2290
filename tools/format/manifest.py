"""`manifest.json`, checked: its format, its schema, and what the schema cannot say."""

from typing import Any

import manifest_schema
import strict_json
from errors import Malformed, Unsupported

DEPTH = 32


def parse(data: bytes) -> dict[str, Any]:
    manifest = strict_json.parse(data, "manifest.json", DEPTH)
    _check_format(manifest)
    _check_engine(manifest.get("engine"))
    _check_newer(manifest.get("model"))
    faults = manifest_schema.faults(manifest) or [fault for fault in _disagreements(manifest) if fault]
    if faults:
        raise Malformed("manifest.json: " + "; ".join(faults))
    return manifest


def _check_format(manifest: Any) -> None:
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found == "rnnpkg/1":
        return
    number = found.removeprefix("rnnpkg/") if isinstance(found, str) and found.startswith("rnnpkg/") else ""
    if number.isascii() and number.isdigit() and number[0] != "0":
        raise Unsupported(f"format {found!r} is newer than rnnpkg/1")
    raise Malformed(f"format is {found!r}, expected 'rnnpkg/1'")


def _check_engine(engine: Any) -> None:
    """What this reader knows is what engine 1.2 does."""
    least = engine.get("min") if isinstance(engine, dict) else None
    numbers = least.split(".") if isinstance(least, str) else []
    if all(number.isascii() and number.isdigit() for number in numbers) and [int(number) for number in numbers] > [1, 2, 0]:
        raise Unsupported(f"engine.min is {least!r}; this reader does what engine 1.2 does")


def _check_newer(model: Any) -> None:
    """What other values than those of version 1 would belong to a later one."""
    partner = {"kind": "nb-ngrams", "version": 1, "hash": "fnv1a64-chain"}
    known = [(f"partner/{key}", [value]) for key, value in partner.items()]
    known += [("dtype", ["f32", "f16", "i8"]), ("encoder/running/kind", ["continuous", "chopped", "windowed"])]
    quantization = {"type": "int8", "granularity": "row", "activations": "dynamic row", "version": 1}
    known += [(f"quantization/{key}", [value]) for key, value in quantization.items()]
    for path, values in known:
        found = model
        for key in path.split("/"):
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, (str, int)) and found not in values:
            raise Unsupported(f"model/{path} is {found!r}; this reader knows {values}")


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
    faults += [f"label {label!r} is too long" for label in labels if len(label.encode()) > 256]
    faults += [f"behaviour of {row['name']!r}: more failures than cases" for row in rows if row["failures"] > row["cases"]]
    names = [row["name"] for row in rows]
    return faults + (["behaviour: a suite stands twice"] if len(set(names)) != len(names) else [])
