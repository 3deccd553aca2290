"""Each system call on an output failed once, and each once the last one a process makes."""

import signal
from dataclasses import replace
from pathlib import Path

import checkpoint
import kills
import programs
import tracing
from jobs import CHECKPOINT, Job, Samples, content, litter, remove
from ledger import Budget, Record
from tracing import Call

# What each call can fail with. An interrupted call is to be made again.
ERRORS = {
    "openat": ("EACCES", "ENOSPC", "EIO", "EINTR"),
    "write": ("ENOSPC", "EIO", "EINTR", "EDQUOT"),
    "fsync": ("EIO", "ENOSPC"),
    "rename": ("EACCES", "ENOSPC", "EIO"),
    "close": ("EIO",),
}
LOG = "log.jsonl"
JOBS = ("train", "resume", "pack", "classify", "unpack")


def failing_calls(samples: Samples, record: Record, budget: Budget) -> None:
    """ENOSPC, EIO and the like from the k-th call, for every k."""
    if (reason := tracing.unavailable()) is not None:
        return record.skip(reason)
    for name in JOBS:
        job, place, found, log = prepared(name, samples, budget)
        turn = 0
        for call in found:
            errors = [error for error in ERRORS[call.name] if error != "EINTR" or is_repeated(call)]
            if not budget.is_full:
                errors = [errors[turn % len(errors)]]
                turn += 1
            for error in errors:
                for _ in budget.trials(1):
                    fail(job, place, call, error, log, record)


def killing_calls(samples: Samples, record: Record, budget: Budget) -> None:
    """kill -9 at the k-th call, for every k."""
    if (reason := tracing.unavailable()) is not None:
        return record.skip(reason)
    for name in JOBS:
        job, place, found, log = prepared(name, samples, budget)
        for index, call in enumerate(found):
            for _ in budget.trials(1):
                job.set_up(place, True)
                record.trials += 1
                outcome = tracing.traced(job.command, place, log, call.name,
                                         f"{call.name}:signal=SIGKILL:when={call.ordinal}")
                if not record.check(outcome.status == -signal.SIGKILL, f"{name}: {call}: not killed: {outcome}"):
                    continue
                kills.judge(job, place, job.before(True), f"{name}, killed at {call}", record)
                if budget.is_full or index % 4 == 0:
                    kills.carry_on(job, samples, place, f"{name}, killed at {call}", record)


def prepared(name: str, samples: Samples, budget: Budget) -> tuple[Job, Path, list[Call], Path]:
    """A job of few calls, a place for it, the calls of an undisturbed run there, and where to write traces."""
    job = short(name, samples)
    place, log = samples.place(), samples.place() / tracing.TRACE
    job.set_up(place, True)
    outcome = tracing.traced(job.command, place, log, ",".join(tracing.CALLS))
    if outcome.status != 0:
        raise RuntimeError(f"an undisturbed run under strace failed: {outcome}")
    found = tracing.calls(log, place, job.output)
    if not budget.is_full:
        # The log takes the same way as the other files each epoch, and checkpoints are tried where one is to be lost.
        left_out = (LOG, CHECKPOINT) if name == "train" else (LOG,)
        found = [call for call in found if call.target not in left_out]
    return job, place, found, log


def short(name: str, samples: Samples) -> Job:
    """The job with two epochs instead of many, and with a log of them."""
    job = samples.jobs[name]
    if not job.trains:
        return job
    arguments = samples.train("--quiet", "--log", LOG, epochs=2)
    again = samples.train("--quiet", "--log", LOG, "--resume", epochs=2)
    new = samples.unbroken(arguments, job.output)
    if name == "train":
        return replace(job, command=arguments, new=new, again=tuple(again), kept=(LOG,))
    # Killed when the second epoch's checkpoint was about to take its place; the log has been renamed twice before.
    place = samples.place()
    tracing.traced(arguments, place, samples.place() / tracing.TRACE, "rename", "rename:signal=SIGKILL:when=5")
    first = content(place / CHECKPOINT)
    if first is None:
        raise RuntimeError("there is no checkpoint after the first epoch")
    return replace(job, command=again, new=new, again=tuple(again), beside=((CHECKPOINT, first),), kept=(LOG,))


def is_repeated(call: Call) -> bool:
    return call.name == "write" or (call.name == "openat" and not call.is_directory and not call.target.endswith(".lock"))


def may_pass(call: Call, error: str) -> bool:
    """Whether the run may go on after the fault: nothing was lost by it."""
    if error == "EINTR" or call.name == "close":
        return True
    # Synced directories and listed litter are extras; a log is written again after the next epoch.
    return (call.is_directory and call.name == "openat") or call.target == LOG


def fail(job: Job, place: Path, call: Call, error: str, log: Path, record: Record) -> None:
    job.set_up(place, True)
    remove(place / LOG)
    outcome = tracing.traced(job.command, place, log, call.name, f"{call.name}:error={error}:when={call.ordinal}")
    what = f"{job.name}: {error} from {call}"
    if not tracing.was_injected(log):
        return record.skip(f"{what}: the call did not come")
    record.trials += 1
    record.notes[f"ended with {outcome.status}"] += 1
    found = content(place / job.output)
    if outcome.status == 0:
        record.check(may_pass(call, error), f"{what}: taken for success")
        record.check(found == job.new, f"{what}: exit 0 without the new file")
    elif record.check(outcome.status in (73, 74) and error != "EINTR", f"{what}: {outcome}"):
        # In its place already when only the directory could not be synced.
        expected = job.new if call.is_after_output else job.before(True)
        record.check(found == expected, f"{what}: {job.output} is not the file from before")
        # A lock is told of as what it is of.
        names = (job.output, call.target, call.target.removeprefix(".").removesuffix(".lock"))
        record.check(any(name and name in outcome.message for name in names), f"{what}: no path in {outcome.message!r}")
        judge_checkpoint(job, place, what, record)
    left = litter(place)
    record.check(not left, f"{what}: left {kills.nameless(left, job.output)}")
    for name in left:
        remove(place / name)


def judge_checkpoint(job: Job, place: Path, what: str, record: Record) -> None:
    state = content(place / CHECKPOINT)
    if state is not None:
        torn = checkpoint.fault(state)
        record.check(torn is None, f"{what}: the checkpoint is torn: {torn}")
        outcome = programs.run(list(job.again), place)
        record.check(outcome.status == 0 and content(place / job.output) == job.new,
                     f"{what}: going on from the checkpoint: {outcome}")
    elif job.beside:
        record.check(content(place / job.output) == job.new, f"{what}: the checkpoint is gone")
