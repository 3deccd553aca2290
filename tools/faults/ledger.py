"""What was tried, what held and what did not."""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


# Characters of a line that says what was broken: a message may be quoted in it.
LONGEST = 240


@dataclass
class Budget:
    """How much is tried: the runs of each loop, and when to begin no more of them."""

    kills: int
    deadline: float
    random: random.Random

    def trials(self, count: int) -> Iterator[int]:
        for trial in range(count):
            if time.monotonic() >= self.deadline:
                return
            yield trial

    @property
    def is_full(self) -> bool:
        """Whether every error is tried at every call, rather than one of them."""
        return self.kills >= 500


@dataclass
class Record:
    """The counts of one scenario."""

    name: str
    trials: int = 0
    checks: int = 0
    broken: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0

    def check(self, holds: bool, promise: str) -> bool:
        """Counts a promise; `promise` says what was seen where it is broken."""
        self.checks += 1
        if not holds:
            self.broken.append(promise)
        return holds

    def skip(self, reason: str) -> None:
        self.skipped.append(reason)


HEADER = f"{'scenario':<16}{'trials':>8}{'checks':>8}{'broken':>8}{'skipped':>9}{'seconds':>9}  seen"


def row(record: Record) -> str:
    notes = ", ".join(f"{count} {what}" for what, count in sorted(record.notes.items()))
    return (f"{record.name:<16}{record.trials:>8}{record.checks:>8}{len(record.broken):>8}{len(record.skipped):>9}"
            f"{record.seconds:>9.1f}  {notes}").rstrip()


def total(records: list[Record]) -> Record:
    everything = Record("in all")
    for record in records:
        everything.trials += record.trials
        everything.checks += record.checks
        everything.broken += record.broken
        everything.skipped += record.skipped
        everything.seconds += record.seconds
    return everything


def explain(records: list[Record], shown: int = 12) -> None:
    """Says what was broken and what was left out, the same thing once."""
    for record in records:
        for kind, lines in (("broken", record.broken), ("skipped", record.skipped)):
            counts = Counter(lines)
            for line, count in list(counts.items())[:shown]:
                times = f" ({count} times)" if count > 1 else ""
                short = line if len(line) <= LONGEST else line[:LONGEST] + "…"
                print(f"{record.name}: {kind}: {short}{times}", file=sys.stderr)
            if len(counts) > shown:
                print(f"{record.name}: {kind}: and {len(counts) - shown} more", file=sys.stderr)
