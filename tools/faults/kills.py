"""kill -9 at random moments: afterwards the old file or the new one, never a torn one, and the next run goes on."""

import os
import time
from pathlib import Path

import checkpoint
import programs
from jobs import CHECKPOINT, Job, Samples, content, litter, remove
from ledger import Budget, Record

# How long after a temporary file has appeared the kill may come: a write, a sync and a rename take about that long.
AROUND_WRITE = 0.002


def kill_loop(name: str, samples: Samples, record: Record, budget: Budget) -> None:
    """Kills `budget.kills` runs of a job in one directory: each begins among what the killed ones before it left."""
    job = samples.jobs[name]
    duration, writes = measure(job, samples)
    place = samples.place()
    # At least 20 of the full run, and 4 of a short one, are carried on to the end.
    every = max(1, min(budget.kills // 4, budget.kills // 50 if budget.is_full else 10))
    for trial in budget.trials(budget.kills):
        with_old = budget.random.random() < 0.5
        job.set_up(place, with_old)
        record.trials += 1
        process = programs.start(job.command, place)
        started = time.monotonic()
        if budget.random.random() < 0.5:
            wait_until(started + budget.random.uniform(0, duration), process)
            moment = "at a random moment"
        else:
            wait_for_write(process, place, job.output, budget.random.randint(1, writes))
            wait_until(time.monotonic() + AROUND_WRITE * budget.random.random() ** 2, process)
            moment = "around a write"
        process.kill()
        outcome = programs.finish(process, started)
        if outcome.status == 0:
            record.notes["ended before the kill"] += 1
        elif outcome.status != -9:
            record.check(False, f"a run among what killed ones left ended with {outcome}")
        record.notes["left a temporary file"] += any(f".{process.pid}-" in left for left in litter(place))
        judge(job, place, job.before(with_old), f"killed {moment}", record)
        if trial % every == 0:
            carry_on(job, samples, place, f"killed {moment}", record)


def measure(job: Job, samples: Samples) -> tuple[float, int]:
    """How long an undisturbed run takes, and how many signs of writing it gives."""
    place = samples.place()
    job.set_up(place, True)
    since = time.monotonic()
    process = programs.start(job.command, place)
    writes = wait_for_write(process, place, job.output, 1_000_000)
    programs.finish(process, since)
    return time.monotonic() - since, max(1, writes)


def wait_until(moment: float, process) -> None:
    while time.monotonic() < moment and process.poll() is None:
        time.sleep(min(0.0002, max(0.0, moment - time.monotonic())))


def wait_for_write(process, place: Path, output: str, count: int) -> int:
    """Waits until `count` signs of writing were seen, or the process ended: temporary files, and another output."""
    seen: set[object] = {signature(place / output)}
    while len(seen) <= count and process.poll() is None:
        seen.update(name for name in os.listdir(place) if f".{process.pid}-" in name)
        seen.add(signature(place / output))
    return len(seen) - 1


def signature(path: Path) -> tuple[int, int] | None:
    """What changes when a file is replaced or written to."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_size


def judge(job: Job, place: Path, before: bytes | None, when: str, record: Record) -> None:
    """What must hold whenever a run ended, however it did."""
    found = content(place / job.output)
    record.check(found in (before, job.new),
                 f"{when}: {job.output} is {'gone' if found is None else 'neither the old nor the new file'}")
    record.notes["found the new file" if found == job.new else "found what was there before"] += 1
    if not job.trains:
        return
    state = content(place / CHECKPOINT)
    if state is not None:
        torn = checkpoint.fault(state)
        record.check(torn is None, f"{when}: the checkpoint is torn: {torn}")
    elif dict(job.beside).get(CHECKPOINT):
        record.check(found == job.new, f"{when}: the checkpoint is gone, and no package is there")


def carry_on(job: Job, samples: Samples, place: Path, when: str, record: Record) -> None:
    """Runs to the end among everything that was left: the same bytes, and all litter gone."""
    # A directory is laid out once, never over another.
    is_refused = job.name == "unpack" and (place / job.output).exists()
    outcome = programs.run(list(job.again), place)
    record.notes["carried on to the end"] += 1
    record.check(outcome.status == 0 or is_refused, f"{when}: going on ended with {outcome}")
    record.check(content(place / job.output) == job.new, f"{when}: going on made another {job.output}")
    names = sorted(path.name for path in place.iterdir())
    names = [name for name in names if name not in job.kept]
    record.check(names == [job.output], f"{when}: going on left {nameless(names, job.output)}")
    if job.makes_package:
        verified = programs.run(samples.rnnpkg("verify", job.output), place)
        record.check(verified.status == 0, f"{when}: verify ended with {verified}")
    for left in litter(place):
        # Said once, not again for every later run.
        remove(place / left)


def nameless(names: list[str], output: str) -> str:
    """Names without their process and tag, so that one fault reads the same each time."""
    kinds = {name.rsplit(".", 2)[0] + ".*.tmp" if name.endswith(".tmp") else name for name in names if name != output}
    return ", ".join(sorted(kinds)) or "nothing"
