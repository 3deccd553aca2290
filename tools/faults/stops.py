"""SIGINT and SIGTERM: a checkpoint is written, the message says how to go on, and what follows has the same bytes."""

import signal
import time
from pathlib import Path

import checkpoint
import programs
from jobs import CHECKPOINT, Samples, content, litter
from ledger import Budget, Record
from programs import Outcome

# Seconds from the signal to the checkpoint, and to the end.
PROMISED = 2.0


def stops(samples: Samples, record: Record, budget: Budget) -> None:
    stopped_training(samples, record, budget)
    stopped_twice(samples, record, budget)
    stopped_classifying(samples, record, budget)


def stopped_training(samples: Samples, record: Record, budget: Budget) -> None:
    """Once at a moment when training has surely begun, then at any."""
    for number in (signal.SIGINT, signal.SIGTERM):
        place = samples.place()
        process, since = begin(samples, place)
        programs.wait_for(process, place / CHECKPOINT)
        outcome = stop(process, since, number, record)
        record.check(outcome.status == 128 + number, f"{number.name}: {outcome}")
        go_on(samples, place, outcome, f"{number.name} while training", record)
    duration = undisturbed(samples)
    place = samples.place()
    for _ in budget.trials(max(8, budget.kills // 4)):
        number = budget.random.choice((signal.SIGINT, signal.SIGTERM))
        (place / "out.rnnpkg").unlink(missing_ok=True)
        process, since = begin(samples, place)
        time.sleep(budget.random.uniform(0, duration))
        outcome = stop(process, since, number, record)
        what = f"{number.name} at a random moment"
        if outcome.status == -number:
            # Before there was anything to keep.
            record.notes["ended before training"] += 1
            record.check("epoch 1 " not in outcome.message, f"{what}: ended at once, after the first epoch")
            record.notes["left litter for the next run"] += bool(litter(place))
        elif outcome.status == 0:
            record.notes["had ended, or was about to"] += 1
            record.check(content(place / "out.rnnpkg") == samples.package, f"{what}: another package")
        elif record.check(outcome.status == 128 + number, f"{what}: {outcome}"):
            go_on(samples, place, outcome, what, record)
        left = [name for name in litter(place) if name.endswith(".tmp") and f".{process.pid}-" in name]
        record.check(outcome.status == -number or not left, f"{what}: left a temporary file")
        (place / CHECKPOINT).unlink(missing_ok=True)


def stopped_twice(samples: Samples, record: Record, budget: Budget) -> None:
    """The second signal ends at once, even when the first cannot be answered yet."""
    place = samples.place()
    process, since = begin(samples, place)
    programs.wait_for(process, place / CHECKPOINT)
    process.send_signal(signal.SIGTERM)
    outcome = stop(process, since, signal.SIGTERM, record)
    record.check(outcome.status == 128 + signal.SIGTERM, f"SIGTERM twice: {outcome}")
    state = content(place / CHECKPOINT)
    record.check(state is not None and checkpoint.fault(state) is None, "SIGTERM twice: the checkpoint is gone or torn")
    again = programs.run(samples.train("--resume"), place)
    record.check(again.status == 0 and content(place / "out.rnnpkg") == samples.package, f"SIGTERM twice: going on: {again}")
    record.check(not litter(place), f"SIGTERM twice: left {len(litter(place))} temporary files or locks")


def stopped_classifying(samples: Samples, record: Record, budget: Budget) -> None:
    job = samples.jobs["classify"]
    since = time.monotonic()
    samples.must(job.command, samples.place())
    duration = time.monotonic() - since
    place = samples.place()
    for _ in budget.trials(max(8, budget.kills // 4)):
        number = budget.random.choice((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
        job.set_up(place, True)
        since = time.monotonic()
        process = programs.start(job.command, place)
        time.sleep(budget.random.uniform(0, duration))
        outcome = stop(process, since, number, record)
        what = f"classify: {number.name}"
        record.notes["classify ended by itself" if outcome.status == 0 else "classify ended by the signal"] += 1
        record.check(outcome.status in (0, -number), f"{what}: {outcome}")
        found = content(place / job.output)
        record.check(found == job.new or (found == job.old and outcome.status != 0), f"{what}: a torn file")
        record.check(not litter(place), f"{what}: left a temporary file")


def begin(samples: Samples, place: Path):
    since = time.monotonic()
    return programs.start(samples.train("--checkpoint-every", "0.02"), place), since


def undisturbed(samples: Samples) -> float:
    process, since = begin(samples, samples.place())
    return programs.finish(process, since).seconds


def stop(process, since: float, number: signal.Signals, record: Record) -> Outcome:
    record.trials += 1
    sent = time.monotonic()
    process.send_signal(number)
    outcome = programs.finish(process, since)
    took = time.monotonic() - sent
    record.check(took < PROMISED, f"{number.name}: ended only after {took:.1f} s")
    return outcome


def go_on(samples: Samples, place: Path, outcome: Outcome, what: str, record: Record) -> None:
    record.notes["stopped and resumed"] += 1
    record.check("--resume" in outcome.message, f"{what}: does not say how to go on: {outcome}")
    state = content(place / CHECKPOINT)
    if not record.check(state is not None, f"{what}: no checkpoint"):
        return
    record.check(checkpoint.fault(state) is None, f"{what}: a torn checkpoint")
    record.check(not litter(place), f"{what}: left {litter(place)}")
    again = programs.run(samples.train("--resume"), place)
    record.check("resuming at epoch" in again.message, f"{what}: did not resume: {again}")
    record.check(again.status == 0 and content(place / "out.rnnpkg") == samples.package, f"{what}: going on: {again}")
