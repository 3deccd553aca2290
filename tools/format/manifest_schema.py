"""The manifest's JSON Schema, applied as the format means it."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

PATH = Path(__file__).parents[2] / "Sources/ModelPackage/ModelPackage.docc/manifest.schema.json"


def _is_integer(_: Any, value: Any) -> bool:
    # JSON Schema also calls 2.0 an integer; the format does not.
    return isinstance(value, int) and not isinstance(value, bool)


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    # JSON Schema's $ is the end, Python's also the place before a last line feed.
    if isinstance(value, str) and not re.search(pattern.replace("$", r"\Z"), value):
        yield ValidationError(f"{value!r} does not match {pattern}")


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(PATH.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
    return validators.extend(Draft202012Validator, {"pattern": _pattern}, type_checker=types)(schema)


def faults(manifest: Any) -> list[str]:
    """What is wrong with a manifest, a line for each fault."""
    errors = sorted(validator().iter_errors(manifest), key=lambda error: error.json_path)
    return [f"{error.json_path}: {error.message[:200]}" for error in errors]
