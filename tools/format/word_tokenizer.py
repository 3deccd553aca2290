"""The tokenizer `word`, version 1: text to tokens, tokens to ids."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from characters import Class, class_of, has, is_regional_indicator
from errors import Unsupported

LONGEST = 256
UNKNOWN, END = 1, 3
WORDS = (Class.LETTER, Class.DIGIT)
SUFFIXES = (b"s", b"m", b"d", b"re", b"ve", b"ll")
ADDRESSES = tuple(bytes(byte | 0x20 for byte in start) for start in (b"http://", b"https://", b"www."))
TAG = re.compile(rb"</?([A-Za-z]{1,12})[0-9]?(?=[>/\x00-\x20])[^<>]*>")
REPEATED_MOUTH = re.compile(rb"([:;=])-?([)(\]\[*|])\2{0,251}")
SINGLE_MOUTH = re.compile(rb"([:;=])-?([DPp/\\])(?!/)")
FORMS = {
    **dict.fromkeys("“”„«»", b'"'), "‘": b"'", **dict.fromkeys("\u2013\u2010\u2011", b"-"),
    **dict.fromkeys("\u2014\u2015", b"--"), "\u2026": b"...",
}


class WordTokenizer:
    def __init__(self, manifest: dict[str, Any]) -> None:
        self.lowers = _choice(manifest, "case", ["lower", "keep"]) == "lower"
        self.composes = _choice(manifest, "normalization", ["NFC", "none"]) == "NFC"
        self.truncate = _choice(manifest, "truncate", ["tail", "head", "middle"])
        self.limit: int | None = manifest.get("maxTokens")
        if (manifest["type"], manifest["version"]) != ("word", 1):
            raise Unsupported(f"tokenizer {manifest['type']} {manifest['version']}")

    def tokens(self, text: str) -> list[bytes]:
        """The forms of a text's tokens, as UTF-8."""
        return [found if is_form else self._normal(found.decode()) for found, is_form in Scan(text).tokens()]

    def ids(self, tokens: list[bytes], numbers: dict[bytes, int]) -> list[int]:
        ids = [numbers.get(token, UNKNOWN) for token in tokens]
        limit = self.limit
        if limit is not None and len(ids) > limit:
            head = {"head": limit, "tail": 0, "middle": (limit + 1) // 2}[self.truncate]
            ids = ids[:head] + ids[len(ids) - (limit - head) :]
        return ids or [END]

    def _normal(self, text: str) -> bytes:
        result, repeats = "", 0
        last = ""
        for character in text:
            if character in "\u2019\u02bc":
                character = "'"
            # One character at a time: no mapping may look at its neighbours.
            for mapped in character.lower() if self.lowers else character:
                repeats = repeats + 1 if mapped == last else 1
                last = mapped
                if repeats <= 3 or not has("Alphabetic", mapped):
                    result += mapped
        return (unicodedata.normalize("NFC", result) if self.composes else result).encode()


class Scan:
    """One way through the bytes of a text."""

    def __init__(self, text: str) -> None:
        self.text = text.encode()
        self.place = 0

    def tokens(self) -> Iterator[tuple[bytes, bool]]:
        """Tokens, each with whether it is a form already."""
        while self.place < len(self.text):
            match self._class(self.place):
                case Class.SEPARATOR:
                    self.place += len(self._character(self.place).encode())
                case Class.LETTER | Class.DIGIT:
                    yield from self._word()
                case Class.IDEOGRAPH:
                    yield self._take(len(self._character(self.place).encode()))
                case Class.EMOJI:
                    yield self._emoji()
                case Class.MARK:
                    yield self._ascii_mark() if self.text[self.place] < 0x80 else self._mark()

    def _take(self, length: int, form: bytes | None = None) -> tuple[bytes, bool]:
        found = self.text[self.place : self.place + length]
        self.place += length
        return (found, False) if form is None else (form, True)

    def _character(self, place: int) -> str:
        first = self.text[place]
        length = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        return self.text[place : place + length].decode()

    def _class(self, place: int) -> Class | None:
        return class_of(self._character(place)) if place < len(self.text) else None

    def _apostrophe(self, place: int) -> int:
        """Bytes of the apostrophe there; 0 where there is none."""
        return next((len(mark) for mark in (b"'", "’".encode()) if self.text.startswith(mark, place)), 0)

    def _word(self) -> Iterator[tuple[bytes, bool]]:
        start = self.place
        if bytes(byte | 0x20 for byte in self.text[start : start + 8]).startswith(ADDRESSES):
            yield self._take(self._address_length(), b"<url>")
            return
        end, after_digit, apostrophe = start, False, None
        while end < len(self.text) and end - start < LONGEST - 4:
            kind, joiner = self._class(end), self._apostrophe(end)
            if kind in WORDS:
                after_digit = kind == Class.DIGIT
                end += len(self._character(end).encode())
            elif joiner and not after_digit and self._class(end + joiner) == Class.LETTER:
                apostrophe = (end, end + joiner)
                end += joiner
            elif after_digit and self.text[end] in b".,/" and self._class(end + 1) == Class.DIGIT:
                end += 1
            else:
                break
        cut = self._cut(*apostrophe, end) if apostrophe else start
        if cut > start:
            yield self._take(cut - start)
        yield self._take(end - self.place)

    def _cut(self, apostrophe: int, behind: int, end: int) -> int:
        """Where the second part of a contraction begins; 0 where the word is none."""
        suffix = self.text[behind:end].lower()
        if suffix == b"t" and self.text[apostrophe - 1] in b"nN":
            return apostrophe - 1
        return apostrophe if suffix in SUFFIXES else 0

    def _address_length(self) -> int:
        end = self.place
        while end < len(self.text) and end - self.place < LONGEST and self.text[end] > 0x20 and self.text[end] not in b'<>"':
            end += 1
        while end < len(self.text) and self.text[end] & 0xC0 == 0x80:
            end -= 1
        return end - self.place

    def _emoji(self) -> tuple[bytes, bool]:
        end, previous, form = self.place, "", b""
        while end < len(self.text) and end - self.place < LONGEST - 4:
            character = self._character(end)
            if previous and not _continues(character, previous, end - self.place):
                break
            length = len(character.encode())
            if character not in "\ufe0f\ufe0e":
                form += character.encode()
            previous = character
            end += length
        return self._take(end - self.place, form)

    def _ascii_mark(self) -> tuple[bytes, bool]:
        place, mark = self.place, self.text[self.place : self.place + 1]
        if tag := TAG.match(self.text[place : place + LONGEST]):
            return self._take(len(tag[0]), b"<br/>" if tag[1].lower() in (b"br", b"p") else b"<tag>")
        if self.text.startswith(b"<3", place) and self._class(place + 2) not in WORDS:
            return self._take(2, b"<3")
        if face := REPEATED_MOUTH.match(self.text, place):
            return self._take(len(face[0]), face[1] + face[2])
        if (face := SINGLE_MOUTH.match(self.text, place)) and self._class(face.end()) not in WORDS:
            return self._take(len(face[0]), face[1] + face[2])
        if length := self._contraction_length():
            return self._take(length)
        rest = self.text[place : place + LONGEST]
        run = len(rest) - len(rest.lstrip(mark))
        if mark in b"'`" and run == 2:
            return self._take(2, b'"')
        return self._take(run, mark * min(run, 3))

    def _mark(self) -> tuple[bytes, bool]:
        character = self._character(self.place)
        length = len(character.encode())
        if character == "’":
            contraction = self._contraction_length()
            return self._take(contraction) if contraction else self._take(length, b"'")
        behind = self.place + length
        if has("Emoji", character) and behind < len(self.text) and self._character(behind) == "\ufe0f":
            return self._emoji()
        return self._take(length, FORMS.get(character))

    def _contraction_length(self) -> int:
        """Of an apostrophe that begins a token such as 's, with its letters; 0 where there is none."""
        start = self.place + self._apostrophe(self.place)
        letters = re.compile(rb"[A-Za-z]{0,3}").match(self.text, start)[0]
        if start == self.place or letters.lower() not in SUFFIXES or self._class(start + len(letters)) in WORDS:
            return 0
        return start + len(letters) - self.place


def _continues(character: str, previous: str, length: int) -> bool:
    """Whether a character goes on with an emoji of `length` bytes so far."""
    if character in "\ufe0f\ufe0e\u200d\u20e3" or has("Emoji_Modifier", character):
        return True
    if "\U000e0020" <= character <= "\U000e007f":
        return True
    if previous == "\u200d":
        return character >= "\x80" and has("Emoji", character)
    return is_regional_indicator(previous) and is_regional_indicator(character) and length == 4


def _choice(manifest: dict[str, Any], key: str, known: list[str]) -> str:
    found = manifest.get(key)
    if found is not None and found not in known:
        raise Unsupported(f"tokenizer.{key} is {found!r}; this reader knows {known}")
    return known[0] if found is None else found
