"""Standard streams that are closed, full, or read by somebody who goes away."""

import os
import time

import programs
from jobs import Samples, content, litter
from ledger import Budget, Record
from programs import Outcome


def streams(samples: Samples, record: Record, budget: Budget) -> None:
    reader_goes_away(samples, record)
    full_output(samples, record)
    closed_input(samples, record)
    closed_output(samples, record)
    error_closed(samples, record)


def classify(samples: Samples, *more: str) -> list[str]:
    return [str(samples.programs.classify), "-m", "../data/new.rnnpkg", *more]


def ended(outcome: Outcome, allowed: tuple[int, ...], what: str, record: Record) -> None:
    record.trials += 1
    record.check(outcome.status in allowed, f"{what}: {outcome}")


def reader_goes_away(samples: Samples, record: Record) -> None:
    """`| head -1`: one line is read, then nobody."""
    for what, command in (
        ("classify", classify(samples, "-i", "../data/texts.txt")),
        ("classify --json", classify(samples, "-i", "../data/texts.txt", "--json")),
        ("rnnpkg show", samples.rnnpkg("show", "../data/new.rnnpkg", "--json")),
    ):
        since = time.monotonic()
        process = programs.start(command, samples.place())
        record.check(bool(process.stdout.readline()), f"{what} | head -1: no first line")
        process.stdout.close()
        message = process.stderr.read().decode(errors="replace")
        outcome = Outcome(process.wait(programs.PATIENCE), b"", message, time.monotonic() - since)
        ended(outcome, (0,), f"{what} | head -1", record)
        record.check(not message, f"{what} | head -1: says {message!r}")


def full_output(samples: Samples, record: Record) -> None:
    for what, command in (
        ("classify", classify(samples, "-i", "../data/texts.txt")),
        ("classify of one text", classify(samples, "a warm film")),
        ("rnnpkg show", samples.rnnpkg("show", "../data/new.rnnpkg")),
        ("rnnpkg train --print-config", samples.rnnpkg("train", "--print-config")),
    ):
        with open("/dev/full", "wb") as full:
            outcome = programs.run(command, samples.place(), stdout=full.fileno())
        ended(outcome, (74,), f"{what} > /dev/full", record)
        record.check("standard output" in outcome.message, f"{what} > /dev/full: says {outcome.message!r}")


def closing(command: list[str], closed: str) -> list[str]:
    return ["sh", "-c", f'exec "$@" {closed}', "sh", *command]


def closed_input(samples: Samples, record: Record) -> None:
    outcome = programs.run(closing(classify(samples, "a warm film"), "<&-"), samples.place())
    ended(outcome, (0,), "classify TEXT <&-", record)
    outcome = programs.run(closing(classify(samples), "<&-"), samples.place())
    ended(outcome, (64, 65, 66, 74), "classify <&-", record)
    record.check(bool(outcome.message), "classify <&-: no message")
    for name in ("train", "pack", "classify"):
        job, place = samples.jobs[name], samples.place()
        ended(programs.run(closing(job.command, "<&-"), place), (0,), f"{name} <&-", record)
        record.check(content(place / job.output) == job.new, f"{name} <&-: another {job.output}")


def closed_output(samples: Samples, record: Record) -> None:
    outcome = programs.run(closing(classify(samples, "a warm film"), ">&-"), samples.place())
    ended(outcome, (74,), "classify TEXT >&-", record)
    for name in ("train", "pack", "classify"):
        job, place = samples.jobs[name], samples.place()
        # `pack` says what it made, and cannot.
        ended(programs.run(closing(job.command, ">&-"), place), (0, 74), f"{name} >&-", record)
        record.check(content(place / job.output) == job.new, f"{name} >&-: another {job.output}")


def error_closed(samples: Samples, record: Record) -> None:
    """Standard error, and all three: files opened then get their numbers, and no message may land in one of them."""
    for name in ("train", "pack", "classify"):
        for closed, status in (("2>&-", (0,)), ("<&- >&- 2>&-", (0, 74))):
            job, place = samples.jobs[name], samples.place()
            command = [word for word in job.command if word != "--quiet"]
            ended(programs.run(closing(command, closed), place), status, f"{name} {closed}", record)
            record.check(content(place / job.output) == job.new, f"{name} {closed}: another {job.output}")
            record.check(not litter(place), f"{name} {closed}: left {litter(place)}")
    messages_in_files(samples, record)


def messages_in_files(samples: Samples, record: Record) -> None:
    """Looks at the lock while it is held: the first file that a trainer keeps open, so that it gets the free number."""
    place = samples.place()
    command = [word for word in samples.train(epochs=2_000) if word != "--quiet"]
    process = programs.start(closing(command, "2>&-"), place)
    lock = place / ".out.rnnpkg.lock"
    until = time.monotonic() + 1
    written = 0
    while process.poll() is None and time.monotonic() < until and not written:
        try:
            written = os.stat(lock).st_size
        except FileNotFoundError:
            pass
    process.kill()
    process.communicate()
    record.trials += 1
    record.check(not written, "train 2>&-: messages are written into the lock")
