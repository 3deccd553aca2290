"""JSON as the format wants it: UTF-8 without a mark, no key twice, no NaN, no lone surrogate, bounded depth and lengths."""

import json
import math
from typing import Any

from errors import Malformed

NUMBER_LIMIT = 1_100
INTEGERS = range(-1 << 63, 1 << 63)


def parse(data: bytes, name: str, *, depth: int, limit: int) -> Any:
    """The document in `data`, of at most `limit` bytes; `name` is for messages."""
    if len(data) > limit:
        raise Malformed(f"{name}: {len(data)} bytes of JSON, more than {limit}")
    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_number, parse_int=_integer
        )
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


def _number(text: str) -> float:
    if len(text) > NUMBER_LIMIT:
        raise ValueError(f"a number has {len(text)} characters, more than {NUMBER_LIMIT}")
    value = float(text)
    if math.isinf(value):
        raise ValueError("a number is beyond 64-bit floats")
    return value


def _integer(text: str) -> int | float:
    """Beyond 64 bits it is a number, but no integer; so is -0."""
    number = _number(text)
    return int(text) if text != "-0" and int(text) in INTEGERS else number


def _check(value: Any, depth: int) -> None:
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, (dict, list)):
        if depth == 0:
            raise ValueError("nested too deeply")
        for part in value.values() if isinstance(value, dict) else value:
            _check(part, depth - 1)
        for key in value if isinstance(value, dict) else ():
            key.encode("utf-8")
