"""Finds what can be changed in a line of Swift: a check dropped, < for <=, a bound moved by one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

DROPPED, COMPARISON, BOUND = "check dropped", "comparison", "bound"


@dataclass(frozen=True)
class Mutant:
    """One change of one line: the text from `start` to `end` becomes `text`."""

    path: str
    # Counted from 0.
    line: int
    start: int
    end: int
    text: str
    # Whether the text is a whole statement; else it is an expression.
    is_statement: bool
    kind: str
    source: str

    @property
    def changed(self) -> str:
        """The line as it would be."""
        if not self.text:
            return f"without: {self.source.strip()}"
        return (self.source[: self.start] + self.text + self.source[self.end :]).strip()


OPPOSITE = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
OPERATOR = re.compile(r"(?<= )(<=|>=|<|>)(?= )")
NUMBER = r"(?:0x[0-9a-f_]+|[0-9][0-9_]*)"
BOUNDS = re.compile(rf"(?<![\w.]){NUMBER}(?=\.\.\.)|(?<=\.\.\.){NUMBER}(?![\w.])(?! <<)")
RANGE = re.compile(rf"(?<![\w.]){NUMBER}\.\.\.{NUMBER}(?![\w.])(?! <<)")
# Limits: constants, defaults of a type of limits, and cases of a switch that give a size in bytes.
CONSTANT = rf"(?:static let \w+(?:: Int)? = |^ *case \.[\w, .]+: )({NUMBER} << {NUMBER}|(?<== ){NUMBER})$"
DEFAULT = rf"\b\w+: Int = ({NUMBER}(?: << {NUMBER})?)(?=,|$)"
CHECK = re.compile(r"(?:_ = )?try (?:\w+\.)*(?:check|validate)\w*(?=\()")
# The words after which a condition begins.
CONDITION = re.compile(r"(?:^|(?<=[ }]))(guard|if|while|where) ")
# What ends a part of a function that only says no.
LEAVES = re.compile(r"(?:throw|return)\b")


def candidates(path: str, lines: list[str]) -> Iterator[Mutant]:
    """All mutants of a file, line by line."""
    limit = re.compile(f"{CONSTANT}|{DEFAULT}" if "Limits" in path else CONSTANT)
    in_guard = False
    for index, line in enumerate(lines):
        code = line.split(" // ")[0].rstrip()
        if not code.strip() or code.strip().startswith(("//", "import ")):
            continue
        taken: list[tuple[int, int]] = []

        def mutants(start: int, end: int, dropped: str | None, is_statement: bool = False) -> Iterator[Mutant]:
            taken.append((start, end))
            texts = [] if dropped is None else [(DROPPED, dropped)]
            for kind, text in texts + list(variants(code[start:end])):
                yield Mutant(path, index, start, end, text, is_statement, kind, line)

        match = CONDITION.search(code)
        if match or in_guard:
            word, start = (match[1], match.end()) if match else ("guard", len(code) - len(code.lstrip()))
            if not code[start:].startswith("else"):
                for begin, end in conjuncts(code, start, word):
                    yield from mutants(begin, end, dropped(code[begin:end], word, refuses(lines, index, word)))
            in_guard = word == "guard" and not re.search(r"\belse\b", code[start:])
        for match in CHECK.finditer(code):
            end = closing(code, match.end())
            before = code[: match.start()].strip()
            is_result = before == "" and index > 0 and "->" in lines[index - 1]
            if end is not None and (before == "" or before.endswith("{")) and not is_result:
                yield from mutants(match.start(), end, "", is_statement=True)
        for match in limit.finditer(code):
            number = next(text for text in match.groups() if text)
            start = match.end() - len(number)
            taken.append((start, match.end()))
            for step in ("+ 1", "- 1"):
                yield Mutant(path, index, start, match.end(), f"({number}) {step}", False, BOUND, line)
        for match in RANGE.finditer(code):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                yield from mutants(*match.span(), None)
        if not taken and (start := expression(code)) is not None:
            yield from mutants(start, len(code), None)


def expression(code: str) -> int | None:
    """Where an expression begins that is returned or is a line of a longer one; `None` for other lines."""
    match = re.match(r" *(?:(return|&&|\|\||let \w+ =) )?", code)
    text = code[match.end() :] if match else code
    others = r"\b(?:let|var|case|try|func|for|in|throw|extension|precondition)\b|[^=!<>]=[^=]|[{:]$"
    if match is None or not balanced(text) or re.search(others, text):
        return None
    return match.end() if match[1] or re.search(r" (?:&&|\|\|) ", text) else None


def refuses(lines: list[str], index: int, word: str) -> bool:
    """Whether what follows the condition on this line is a refusal: a throw or a return."""
    opening = " else {" if word == "guard" else " {"
    for at in range(index, min(index + 6, len(lines))):
        if (found := (" " + lines[at].lstrip()).rfind(opening)) >= 0:
            body = (" " + lines[at].lstrip())[found + len(opening) :].strip(" }") or lines[at + 1].strip()
            return word != "while" and bool(LEAVES.match(body))
    return False


def dropped(condition: str, word: str, refuses: bool) -> str | None:
    """The condition evaluated all the same and then of no effect."""
    if not refuses:
        return None
    return f"({condition}) || true" if word == "guard" else f"({condition}) && false"


def conjuncts(code: str, start: int, word: str) -> Iterator[tuple[int, int]]:
    """The parts of a condition that stand on this line and bind no name."""
    opening = " else {" if word == "guard" else " {"
    parts = [start]
    depth, at, end, is_quoted = 0, start, len(code.removesuffix(":")), False
    while at < end:
        character = code[at]
        if is_quoted:
            at += character == "\\"
            is_quoted = character != '"'
        elif depth == 0 and (code.startswith(opening, at) or word == "where" and re.compile(r"(?<! ): ").match(code, at)):
            end = at
        elif depth == 0 and code.startswith(", ", at):
            parts.append(at + 2)
        else:
            depth += (character in "([{") - (character in ")]}")
            is_quoted = character == '"'
        at += 1
    for begin, stop in zip(parts, [part - 2 for part in parts[1:]] + [len(code[:end].rstrip(","))]):
        text = code[begin:stop]
        if text.strip() and balanced(text) and not re.match(r"(?:let|var|case)\b", text) and "try " not in text:
            yield begin, stop


def variants(text: str) -> Iterator[tuple[str, str]]:
    """The text with one comparison or one bound of a range changed."""
    for match in OPERATOR.finditer(text):
        yield COMPARISON, text[: match.start()] + OPPOSITE[match[1]] + text[match.end() :]
    for match in BOUNDS.finditer(text):
        for value in (int(match[0].replace("_", ""), 0) + step for step in (1, -1)):
            if value >= 0:
                number = f"{value:#x}" if match[0].startswith("0x") else str(value)
                yield BOUND, text[: match.start()] + number + text[match.end() :]


def closing(code: str, start: int) -> int | None:
    """The end of the call whose parenthesis opens at `start`, where it is on this line."""
    for at in range(start + 1, len(code) + 1):
        if code[at - 1] == ")" and balanced(code[start:at]):
            return at
    return None


def balanced(text: str) -> bool:
    """Whether what opens in the text closes in it."""
    plain = re.sub(r'"(?:\\.|[^"\\])*"', '""', text)
    return all(plain.count(a) == plain.count(b) for a, b in ("()", "[]", "{}")) and plain.count('"') % 2 == 0
