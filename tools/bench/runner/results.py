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
    """The latest rows of a file."""
    with open(path) as file:
        return latest(json.loads(line) for line in file if line.strip())


def latest(rows) -> list[dict]:
    """Of each case the rows of the last run only: figures are compared within a run, never across runs."""
    cases: dict[tuple, list[dict]] = {}
    for row in rows:
        case = cases.setdefault(identity(row)[:3], [])
        if case and case[0]["date"] != row["date"]:
            case.clear()
        case.append(row)
    return [row for case in cases.values() for row in case]
