"""`vocabulary.txt`: the token of each id."""

import re

from errors import Malformed

SPECIALS = [b"<pad>", b"<unk>", b"<s>", b"</s>"]
ENTRY_LIMIT = 1_024
ESCAPES = {b"\\\\": b"\\", b"\\n": b"\n", b"\\r": b"\r", b"\\t": b"\t"}


def parse(data: bytes, size: int) -> list[bytes]:
    """The tokens as UTF-8, `size` of them."""
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    tokens = [_unescape(line, number) for number, line in enumerate(lines, 1)]
    if len(tokens) != size:
        raise Malformed(f"vocabulary.txt has {len(tokens)} lines, the manifest says {size}")
    if tokens[:4] != SPECIALS:
        raise Malformed(f"vocabulary.txt starts with {tokens[:4]}, expected {SPECIALS}")
    if len(set(tokens)) != len(tokens):
        raise Malformed("vocabulary.txt has a token twice")
    return tokens


def _unescape(line: bytes, number: int) -> bytes:
    def replace(match: re.Match[bytes]) -> bytes:
        if match[0] not in ESCAPES:
            raise Malformed(f"vocabulary.txt, line {number}: {match[0]!r} is no escape")
        return ESCAPES[match[0]]

    if any(byte in line for byte in (b"\0", b"\r", b"\t")):
        raise Malformed(f"vocabulary.txt, line {number}: holds NUL, a carriage return or a tab")
    token = re.sub(rb"\\.?", replace, line, flags=re.DOTALL)
    if not 1 <= len(token) <= ENTRY_LIMIT:
        raise Malformed(f"vocabulary.txt, line {number}: a token of {len(token)} bytes")
    try:
        token.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"vocabulary.txt, line {number}: {error}") from error
    return token
