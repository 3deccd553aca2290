"""A case is one piece of work, and the contestants that do it in turns."""

import dataclasses
import statistics
from collections.abc import Callable

from runner.process import Outcome, ProcessFailure, run


@dataclasses.dataclass
class Sample:
    """What one process of a contestant showed."""

    us: float
    outcome: Outcome
    version: str | None = None


@dataclasses.dataclass
class Contestant:
    library: str
    variant: str
    measure: Callable[[], Sample]

    @property
    def name(self) -> str:
        return f"{self.library} {self.variant}".strip()


@dataclasses.dataclass
class Case:
    test: str
    # What the work is, as it stands in results and tables: {"cell": "lstm", "input": 128, …}.
    shape: dict
    threads: int
    contestants: list[Contestant]
    rounds: int
    # What one unit of work holds, to derive rates from: tokens, texts, words, flops.
    amounts: dict = dataclasses.field(default_factory=dict)


def reported(command, environment=None) -> Callable[[], Sample]:
    """For programs that time themselves and print the median as `us` of a JSON object."""

    def measure() -> Sample:
        outcome = run(command, environment)
        report = outcome.report()
        return Sample(report["us"], outcome, report.get("version"))

    return measure


def timed(command, environment=None, text="", processes=1) -> Callable[[], Sample]:
    """For the wall time of whole processes: the median of `processes` of them."""

    def measure() -> Sample:
        outcomes = [run(command, environment, text) for _ in range(processes)]
        middle = sorted(outcomes, key=lambda outcome: outcome.wall_us)[len(outcomes) // 2]
        return Sample(statistics.median(outcome.wall_us for outcome in outcomes), middle)

    return measure


def measure_case(case: Case, peak_gflops: Callable[[int], float], note: Callable[[str], None]) -> list[dict]:
    """Runs all contestants once a round, one after the other, and gives a row of results for each.

    A contestant that fails is left out, with a note; Recurrent's plain one must not fail.
    """
    samples: dict[str, list[Sample]] = {contestant.name: [] for contestant in case.contestants}
    peaks: list[float] = []
    absent: set[str] = set()
    for _ in range(case.rounds):
        if "flops" in case.amounts:
            peaks.append(peak_gflops(case.threads))
        for contestant in case.contestants:
            if contestant.name in absent:
                continue
            try:
                samples[contestant.name].append(contestant.measure())
            except ProcessFailure as failure:
                if contestant is case.contestants[0]:
                    raise
                absent.add(contestant.name)
                note(f"skipped: {contestant.name}: {failure}")
    peak = statistics.median(peaks) if peaks else None
    return [
        _row(case, contestant, samples[contestant.name], peak)
        for contestant in case.contestants if contestant.name not in absent
    ]


def _row(case: Case, contestant: Contestant, samples: list[Sample], peak: float | None) -> dict:
    times = sorted(sample.us for sample in samples)
    us = statistics.median(times)
    row = {
        "test": case.test, "shape": case.shape, "threads": case.threads,
        "lib": contestant.library, "variant": contestant.variant, "version": samples[0].version,
        "us": us, "low_us": times[0], "high_us": times[-1], "rounds": len(times),
        "peak_mb": max(sample.outcome.peak_mb for sample in samples),
        "peak_is_bound": any(sample.outcome.peak_is_bound for sample in samples),
    }
    foreign = [sample.outcome.foreign for sample in samples if sample.outcome.foreign is not None]
    if foreign:
        row["foreign_cores"] = statistics.median(foreign)
    for amount in ("tokens", "texts", "words"):
        if amount in case.amounts:
            row[f"{amount}_per_s"] = case.amounts[amount] / us * 1e6
    if peak is not None:
        row["gflops"] = case.amounts["flops"] / us / 1e3
        row["peak_gflops"] = peak
        row["of_peak"] = row["gflops"] / peak
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()}
