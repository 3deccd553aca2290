"""Stored results of this kind of machine, so that a slow-down is seen."""

import json
import pathlib

from runner import machine, results
from runner.table import describe, duration, threads

STORED = pathlib.Path(__file__).resolve().parents[1] / "baselines" / f"{machine.slug()}.jsonl"


def save(rows: list[dict]):
    old = results.load(STORED) if STORED.exists() else []
    STORED.parent.mkdir(exist_ok=True)
    STORED.write_text("".join(json.dumps(row) + "\n" for row in results.latest(old + rows)))


def slower(rows: list[dict], baseline: list[dict], tolerance: float) -> list[str]:
    """A line for each of Recurrent's times above the baseline's by more than `tolerance`, a share."""
    before = {results.identity(row): row["us"] for row in baseline}
    lines = []
    for row in rows:
        old = before.get(results.identity(row))
        if row["lib"] == "recurrent" and old is not None and row["us"] > old * (1 + tolerance):
            lines.append(
                f"slower: {row['test']}, {describe(row)}, {threads(row)} {row['variant']}".rstrip()
                + f": {duration(row['us'])}, was {duration(old)} (+{row['us'] / old - 1:.0%})")
    return lines
