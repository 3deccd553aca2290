"""The classes of characters that the tokenizer tells apart, and their properties."""

import enum
from functools import cache

import regex


class Class(enum.Enum):
    SEPARATOR = enum.auto()
    LETTER = enum.auto()
    DIGIT = enum.auto()
    IDEOGRAPH = enum.auto()
    EMOJI = enum.auto()
    MARK = enum.auto()


# Beyond ASCII, the first that fits.
PATTERNS = [
    (Class.EMOJI, r"[\p{Emoji_Presentation}\U0001F1E6-\U0001F1FF]"),
    (Class.IDEOGRAPH, r"[\p{Ideographic}\u3040-\u30FF]"),
    (Class.LETTER, r"[\p{L}\p{M}\p{Nl}]"),
    (Class.DIGIT, r"\p{Nd}"),
    (Class.SEPARATOR, r"[\p{Z}\p{C}]"),
    (Class.MARK, r"."),
]


@cache
def class_of(character: str) -> Class:
    if ord(character) >= 0x80:
        return next(kind for kind, pattern in PATTERNS if regex.fullmatch(pattern, character, regex.DOTALL))
    if character.isalpha():
        return Class.LETTER
    if character.isdigit():
        return Class.DIGIT
    return Class.SEPARATOR if character <= " " or character == "\x7f" else Class.MARK


@cache
def has(name: str, character: str) -> bool:
    """Whether a character has a binary property, such as Emoji."""
    return regex.fullmatch(rf"\p{{{name}}}", character) is not None


def is_regional_indicator(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
