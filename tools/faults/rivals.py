"""Two processes with one output: the second trainer is sent away, and no file is a mixture of two."""

import os
import signal
import time

import programs
from jobs import CHECKPOINT, Samples, content, litter
from ledger import Budget, Record

# Long enough to be there still when the second one comes.
ENDLESS = 100_000


def rivals(samples: Samples, record: Record, budget: Budget) -> None:
    two_trainers(samples, record, budget)
    two_writers(samples, record, budget)
    left_by_others(samples, record, budget)


def two_trainers(samples: Samples, record: Record, budget: Budget) -> None:
    place = samples.place()
    (place / "link.rnnpkg").symlink_to(place / "out.rnnpkg")
    (place / "out.rnnpkg").write_bytes(samples.old_package)
    since = time.monotonic()
    first = programs.start(samples.train("--checkpoint-every", "0.02", "--quiet", epochs=ENDLESS), place)
    programs.wait_for(first, place / CHECKPOINT)
    for what, command in (
        ("a second trainer", samples.train()),
        ("a second trainer that resumes", samples.train("--resume", epochs=ENDLESS)),
        ("a second trainer through a link", samples.train(output="link.rnnpkg")),
        ("a second trainer by another name", samples.train(output=f"../{place.name}/./out.rnnpkg")),
    ):
        record.trials += 1
        second = programs.run(command, place)
        record.check(second.status == 73, f"{what}: {second}")
        record.check("another process is writing it" in second.message, f"{what}: says {second.message!r}")
        record.check("epoch 1 " not in second.message, f"{what}: began to train")
    record.check(content(place / "out.rnnpkg") == samples.old_package, "a second trainer changed the output")
    first.send_signal(signal.SIGINT)
    record.check(programs.finish(first, since).status == 130, "the first trainer was disturbed")


def two_writers(samples: Samples, record: Record, budget: Budget) -> None:
    """Two short commands: the second is told of the first, or the one that ends last wins, and the file is whole."""
    labels = samples.unbroken(samples.classify("--all"), "labels.txt")
    (samples.data / "old.rnnpkg").write_bytes(samples.old_package)
    samples.must(samples.rnnpkg("unpack", "../data/old.rnnpkg", "../data/older"), samples.place())
    pairs = {
        "pack": ([samples.rnnpkg("pack", f"../data/{name}", "-o", "out.rnnpkg") for name in ("unpacked", "older")],
                 "out.rnnpkg", (samples.package, samples.old_package)),
        "classify": ([samples.classify(), samples.classify("--all")], "labels.txt", (samples.labels, labels)),
    }
    for name, (commands, output, possible) in pairs.items():
        place = samples.place()
        for _ in budget.trials(max(4, budget.kills // 8)):
            record.trials += 1
            since = time.monotonic()
            both = [programs.start(command, place) for command in commands]
            # While they are at it, the name holds nothing torn either.
            is_whole = True
            while any(process.poll() is None for process in both):
                seen = content(place / output)
                is_whole &= seen is None or seen in possible
                record.notes["looks at the output"] += 1
            record.check(is_whole, f"{name}: a mixture, or a part, while two write")
            outcomes = [programs.finish(process, since) for process in both]
            for outcome in outcomes:
                is_told = name == "pack" and outcome.status == 73 and "another process is writing it" in outcome.message
                record.notes["told of another"] += is_told
                record.check(outcome.status == 0 or is_told, f"{name}: one of two: {outcome}")
            record.check(any(outcome.status == 0 for outcome in outcomes), f"{name}: neither of two wrote")
            record.check(content(place / output) in possible, f"{name}: a mixture of two")
            record.check(not litter(place), f"{name}: two left temporary files")


def left_by_others(samples: Samples, record: Record, budget: Budget) -> None:
    """What a killed run left is removed although its process number is taken: numbers begin anew in each container."""
    for number, whose in ((os.getpid(), "a living process"), (1, "the first process")):
        for name in ("train", "pack", "classify"):
            job, place = samples.jobs[name], samples.place()
            (place / f".{job.output}.{number}-1234abcd.tmp").write_bytes(b"torn")
            (place / f".{job.output}.lock").write_bytes(b"")
            record.trials += 1
            outcome = programs.run(job.command, place)
            record.check(outcome.status == 0, f"{name}: among what was left: {outcome}")
            left = [path.name for path in place.iterdir() if path.name.endswith(".tmp")]
            record.check(not left, f"{name}: a temporary file with the number of {whose} stays, which nobody has locked")
            if job.trains:
                record.check(not litter(place) or left == litter(place), f"{name}: a lock stays")
