"""JSON as the format wants it: UTF-8 without a mark, no key twice, no NaN, no lone surrogate, bounded depth."""

import json
from typing import Any

from errors import Malformed


def parse(data: bytes, name: str, depth: int) -> Any:
    """The document in `data`; `name` is for messages."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse)
        _check(value, depth)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{name}: {error}") from error
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError(f"a key stands twice among {sorted(key for key, _ in pairs)}")
    return members


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


def _check(value: Any, depth: int) -> None:
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise ValueError("a number is beyond 64-bit floats")
    elif isinstance(value, (dict, list)):
        if depth == 0:
            raise ValueError("nested too deeply")
        for part in value.values() if isinstance(value, dict) else value:
            _check(part, depth - 1)
        for key in value if isinstance(value, dict) else ():
            key.encode("utf-8")
