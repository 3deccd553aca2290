"""Files of results: a JSON object a line, a row for each contestant of each case."""

import json
import pathlib


def identity(row: dict) -> tuple:
    """What was measured, by whom; the same in every run."""
    return row["test"], json.dumps(row["shape"], sort_keys=True), row["threads"], row["lib"], row["variant"]


def append(path: pathlib.Path, rows: list[dict]):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def load(path: pathlib.Path) -> list[dict]:
    """The rows of a file; of those with one identity, the last."""
    with open(path) as file:
        rows = [json.loads(line) for line in file if line.strip()]
    return merged([], rows)


def merged(old: list[dict], new: list[dict]) -> list[dict]:
    """`old` with the rows of `new` in the place of those that they measure again."""
    rows = {identity(row): row for row in old}
    rows.update((identity(row), row) for row in new)
    return list(rows.values())
