"""Stored results of this kind of machine, so that a slow-down is seen."""

import dataclasses
import json
import pathlib

from runner import machine, results
from runner.table import describe, duration, threads

STORED = pathlib.Path(__file__).resolve().parents[1] / "baselines" / f"{machine.slug()}.jsonl"


def save(rows: list[dict]):
    old = results.load(STORED) if STORED.exists() else []
    STORED.parent.mkdir(exist_ok=True)
    STORED.write_text("".join(json.dumps(row) + "\n" for row in results.latest(old + rows)))


@dataclasses.dataclass
class Comparison:
    """What Recurrent's times are beside the baseline's."""

    # How many have one there.
    count: int = 0
    # A line for each that is slower.
    slower: list[str] = dataclasses.field(default_factory=list)
    # A name for each that has none there.
    unknown: list[str] = dataclasses.field(default_factory=list)

    def summary(self, shown: int = 5) -> str:
        lines = list(self.slower)
        if self.count and not self.slower:
            lines.append(f"none of {self.count} figures is slower than the baseline")
        if self.unknown:
            more = [f"and {len(self.unknown) - shown} more"] if len(self.unknown) > shown else []
            lines.append(f"not in the baseline: {len(self.unknown)} of {self.count + len(self.unknown)} figures: "
                         + "; ".join(self.unknown[:shown] + more))
        return "\n".join(lines)


def compare(rows: list[dict], baseline: list[dict], tolerance: float) -> Comparison:
    """Recurrent's `rows` with those of `baseline`; slower is what takes more by more than `tolerance`, a share."""
    before = {results.identity(row): row["us"] for row in baseline}
    found = Comparison()
    for row in rows:
        if row["lib"] != "recurrent":
            continue
        name = f"{row['test']}, {describe(row)}, {threads(row)} {row['variant']}".rstrip()
        old = before.get(results.identity(row))
        if old is None:
            found.unknown.append(name)
            continue
        found.count += 1
        if row["us"] > old * (1 + tolerance):
            found.slower.append(
                f"slower: {name}: {duration(row['us'])}, was {duration(old)} (+{row['us'] / old - 1:.0%})")
    return found
