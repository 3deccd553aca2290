"""Runs the readers' tests: once without any mutant, to see which tests come by which mutant, then those with each mutant."""

import hashlib
import json
import math
import mmap
import os
import re
import resource
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from schema import CHOSEN, REACHED

# The readers' tests.
TESTS = re.compile(
    r"(StrictJSON|TextEncoding|ModelPackage|SequenceClassifier)Tests\."
    r"|ClassifierTrainingTests\.(PackageSupport|ReadoutPackage|PackageRoundTrip|Storing|PartnerPackage)Tests/")
# Tests that take longer and come by more mutants are run only when the others let a mutant live. Seconds are the processor's:
# those of the clock would depend on what else the machine does.
QUICK, NARROW = 0.5, 100
# A mutant may ask for absurd amounts; no test needs more.
MEMORY = 12 << 30
# By the clock: only a mutant that waits for ever gets there.
PATIENCE = 1_200


@dataclass(frozen=True)
class Visit:
    """A test that passes, the time it takes alone, and the mutants that it comes by."""

    name: str
    seconds: float
    mutants: frozenset[int]

    @property
    def is_slow(self) -> bool:
        return self.seconds > QUICK and len(self.mutants) > NARROW


def verdict(program: Path, tests: list[str], limit: float, variables: dict[str, str]) -> tuple[str, float]:
    """How these tests end, "passed", "failed", "crashed" or "timed out", and the time they take; `limit` bounds that."""
    names = "|".join(re.escape(test.split("(")[0]) for test in tests)
    command = [str(program), "--testing-library", "swift-testing", "--filter", rf"^({names})\("]

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit), math.ceil(limit)))

    process = subprocess.Popen(
        command, env=os.environ | {"SWIFT_BACKTRACE": "enable=no"} | variables, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=bound)
    watch = threading.Timer(PATIENCE, process.kill)
    watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    watch.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = usage.ru_utime + usage.ru_stime
    if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return "timed out", seconds
    return "passed" if process.returncode == 0 else "failed" if process.returncode > 0 else "crashed", seconds


def visits(program: Path, tree: Path, count: int, jobs: int) -> list[Visit]:
    """All readers' tests, each run alone; kept beside the program for as long as neither the sources nor the tests change."""
    listed = subprocess.run(
        [str(program), "--testing-library", "swift-testing", "--list-tests"], check=True, capture_output=True, text=True)
    names = [name for name in listed.stdout.splitlines() if TESTS.match(name)]
    # Of all tests: what one of them reads may lie in other files than its own.
    key = digest(path for folder in ("Sources", "Tests") for path in (tree / folder).rglob("*"))
    file = program.parent / "visits.json"
    kept = json.loads(file.read_text()) if file.is_file() else {}
    fresh = [name for name in names if kept.get(name, [""])[0] != key]
    with ThreadPoolExecutor(jobs) as pool:
        ended = dict(zip(fresh, pool.map(lambda name: visit(program, name, count), fresh)))
    if faults := [fault for fault in ended.values() if isinstance(fault, str)]:
        raise RuntimeError("without any mutant: " + ", ".join(faults))
    found = [ended[name] if name in ended else Visit(name, kept[name][1], frozenset(kept[name][2])) for name in names]
    file.write_text(json.dumps({visit.name: (key, visit.seconds, sorted(visit.mutants)) for visit in found}))
    return found


def digest(paths: Iterable[Path]) -> str:
    """Of the content of files."""
    sum = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        sum.update(path.read_bytes())
    return sum.hexdigest()


def visit(program: Path, name: str, count: int) -> Visit | str:
    """What one test comes by, or how it ended when it did not pass."""
    with tempfile.NamedTemporaryFile() as file:
        # A byte for each mutant, which all modules of the program write through the same memory.
        file.truncate(count + 1)
        ended, seconds = verdict(program, [name], 600, {REACHED: file.name})
        if ended != "passed":
            return f"{name} {ended}"
        with mmap.mmap(file.fileno(), 0) as reached:
            mutants = frozenset(number for number in range(1, count + 1) if reached[number])
        return Visit(name, seconds, mutants)


def trial(program: Path, number: int, visits: list[Visit], only_quick: bool) -> str:
    """What becomes of a mutant: as `verdict`, or "unreached" where no test comes by it."""
    tests = [visit for visit in visits if number in visit.mutants]
    if not tests:
        return "unreached"
    # A test that comes by few mutants is most likely to be about this one.
    quick = sorted((visit for visit in tests if not visit.is_slow), key=lambda visit: len(visit.mutants))
    slow = [] if only_quick else [visit for visit in tests if visit.is_slow]
    start = min(visit.seconds for visit in visits)
    for group in (quick[:10], quick[10:50], quick[50:], slow):
        if group:
            limit = 10 + 5 * sum(visit.seconds - start for visit in group)
            ended, _ = verdict(program, [visit.name for visit in group], limit, {CHOSEN: str(number)})
            if ended != "passed":
                return ended
    return "passed"
