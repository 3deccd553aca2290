#!/usr/bin/env python3
"""Reads packages without the engine: checks them, prints what they say, and replays their golden cases in numpy.

  tools/format/read_package.py zoo/sentiment.rnnpkg

A case's text must give its token ids, and the ids its logits. Ends with 1 where ids differ at all or a logit by more than the
tolerance, 76 where a package is malformed, 78 where it needs what this reader lacks, 66 where the file cannot be read.

The tolerance is the format's: relative to the largest logit of a case or 1, 1e-3 for floats, since sums of 32-bit floats
depend on their order, which is the engine's own; 2e-2 for 8-bit integers, since a state that lies between two integers may
be rounded to either of them.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import archive
import manifest as manifests
import strict_json
import tensors
import vocabulary
from errors import Malformed, Refused
from network import Network
from partner import Partner
from word_tokenizer import WordTokenizer

CASE_LIMIT = 10_000
CASE_DEPTH = 2
CASE_BYTES = 4 << 20
# So large a number, or a larger one, is infinite as a 32-bit float.
LOGIT_END = 2.0**128 - 2.0**103
TOLERANCE = 1e-3
QUANTIZED_TOLERANCE = 2e-2


@dataclass(frozen=True)
class Case:
    """A line of `checks.jsonl`."""

    text: str
    ids: list[int]
    logits: np.ndarray


class Package:
    """A package's parts, checked against its manifest."""

    def __init__(self, path: Path) -> None:
        self.manifest, files, self.id = archive.read(path)
        tokenizer, model = self.manifest["tokenizer"], self.manifest["model"]
        self.tokenizer = WordTokenizer(tokenizer)
        self.vocabulary = vocabulary.parse(files["vocabulary.txt"], tokenizer["size"])
        # Text never means a special token.
        self.numbers = {token: number for number, token in enumerate(self.vocabulary) if number > 3}
        self.tensors = tensors.parse(files["weights.safetensors"])
        self.cases = _cases(files.get("checks.jsonl", b""), tokenizer["size"], len(self.manifest["task"]["labels"]))
        self.network = Network(self.manifest, self.tensors)
        manifests.check_stated_engine(self.manifest)
        self.partner = Partner(self.manifest, self.tensors) if model.get("partner") else None
        self._check_tensors(model)

    @property
    def tolerance(self) -> float:
        return TOLERANCE if self.manifest["model"].get("quantization") is None else QUANTIZED_TOLERANCE

    def ids(self, text: str) -> list[int]:
        return self.tokenizer.ids(self.tokenizer.tokens(text), self.numbers)

    def logits(self, case: Case) -> np.ndarray:
        """The logits of a case's ids; a partner reads its text."""
        network = self.network.logits(case.ids)
        return network if self.partner is None else self.partner.combined(network, self.tokenizer.tokens(case.text), len(case.ids))

    def _check_tensors(self, model: dict[str, Any]) -> None:
        partner = self.partner.names if self.partner else set()
        if strangers := self.network.unread - partner:
            raise Malformed(f"tensors {sorted(strangers)} belong to no part of the model")
        for name, tensor in self.tensors.items():
            if name not in partner and tensor.dtype not in ("f32", model["dtype"]):
                raise Malformed(f"tensor {name!r} is {tensor.dtype}, the manifest says {model['dtype']}")
        count = sum(tensor.stored.size for tensor in self.tensors.values() if tensor.dtype != "u8")
        if model.get("parameters") not in (None, count):
            raise Malformed(f"{count} parameters, the manifest says {model['parameters']}")


def _cases(data: bytes, vocabulary_size: int, labels: int) -> list[Case]:
    lines = data.removesuffix(b"\n").split(b"\n") if data else []
    if len(lines) > CASE_LIMIT:
        raise Malformed(f"checks.jsonl: more than {CASE_LIMIT} cases")
    cases = []
    for number, line in enumerate(lines, 1):
        value = strict_json.parse(line, f"checks.jsonl, line {number}", depth=CASE_DEPTH, limit=CASE_BYTES)
        if not _is_case(value, vocabulary_size, labels):
            raise Malformed(f"checks.jsonl, line {number}: no text, or ids and logits that do not fit the model")
        cases.append(Case(value["text"], value["ids"], np.array(value["logits"], dtype=np.float64)))
    return cases


def _is_case(value: Any, vocabulary_size: int, labels: int) -> bool:
    keys = {key for key in value if not key.startswith("x-")} if isinstance(value, dict) else set()
    if keys != {"text", "ids", "logits"} or not isinstance(value["text"], str):
        return False
    ids, logits = value["ids"], value["logits"]
    if not isinstance(ids, list) or not isinstance(logits, list) or not ids or len(logits) != labels:
        return False
    return all(type(token) is int and 0 <= token < vocabulary_size for token in ids) and all(
        type(logit) in (int, float) and abs(logit) < LOGIT_END for logit in logits
    )


def summary(package: Package) -> str:
    manifest = package.manifest
    model, encoder = manifest["model"], manifest["model"]["encoder"]
    running = encoder.get("running") or {"kind": "continuous"}
    parts = [
        f"{manifest['name']}@{manifest['version']}  id {package.id}",
        f"  labels     {', '.join(manifest['task']['labels'])}",
        f"  text       {manifest['tokenizer']['type']} {manifest['tokenizer']['version']}, "
        f"{len(package.vocabulary):,} tokens",
        f"  network    embedding {model['embedding']['dim']}, {encoder['layers']} x {encoder['cell']['id']} "
        f"{encoder['cell']['config']}, {encoder['direction']}, {running['kind']}, readout {model['readout']['type']}"
        + (", with a partner" if package.partner else ""),
        f"  parameters {sum(t.stored.size for t in package.tensors.values() if t.dtype != 'u8'):,} as {model['dtype']}",
    ]
    return "\n".join(parts)


def replay(package: Package, tolerance: float) -> bool:
    """Prints a line for each case; whether all agree."""
    largest, agree = 0.0, True
    for number, case in enumerate(package.cases, 1):
        scale = max(1.0, float(np.abs(case.logits).max()))
        difference = float(np.abs(package.logits(case) - case.logits).max()) / scale
        is_same_text = package.ids(case.text) == case.ids
        verdict = "ok" if is_same_text and difference <= tolerance else "DIFFERS" if is_same_text else "OTHER IDS"
        print(f"  case {number}: {len(case.ids)} ids, difference {difference:.1e}, {verdict}")
        largest, agree = max(largest, difference), agree and verdict == "ok"
    print(f"  {len(package.cases)} cases replayed, largest difference {largest:.1e}, tolerance {tolerance:.0e}")
    return agree


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs="+", type=Path, metavar="PACKAGE")
    parser.add_argument("--tolerance", type=float, help="instead of the format's")
    arguments = parser.parse_args()
    status = 0
    for path in arguments.packages:
        try:
            package = Package(path)
        except Refused as error:
            print(f"{path}: {error}", file=sys.stderr)
            return error.exit_code
        print(f"{path}: {summary(package)}")
        tolerance = package.tolerance if arguments.tolerance is None else arguments.tolerance
        if not replay(package, tolerance):
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
