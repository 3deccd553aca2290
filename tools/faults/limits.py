"""Losses that are no numbers, and memory that is not there: the output stays as it was."""

import programs
from jobs import CHECKPOINT, Samples, content, litter
from ledger import Budget, Record

# Address space in KiB, from what no program starts with to what is enough.
MEMORY = (12_000, 16_000, 20_000, 24_000, 28_000, 32_000, 40_000, 60_000, 200_000)


def limits(samples: Samples, record: Record, budget: Budget) -> None:
    loss_is_no_number(samples, record)
    little_memory(samples, record)


def loss_is_no_number(samples: Samples, record: Record) -> None:
    place = samples.place()
    (place / "out.rnnpkg").write_bytes(samples.old_package)
    steep = ("--cell", "rnn", "--cell-option", "activation=relu", "--optimizer", "sgd", "--lr", "100", "--clip", "0")
    outcome = programs.run(samples.train(*steep), place)
    record.trials += 1
    record.check(outcome.status == 74, f"a loss that is no number: {outcome}")
    record.check("epoch 1" in outcome.message and "learning rate" in outcome.message,
                 f"a loss that is no number: does not say when: {outcome}")
    record.check(content(place / "out.rnnpkg") == samples.old_package, "a loss that is no number: the old file is gone")
    record.check(not litter(place), "a loss that is no number: left temporary files")
    state = content(place / CHECKPOINT)
    record.check(state is None or b"NaN" not in state, "a loss that is no number: stands in the checkpoint")


def little_memory(samples: Samples, record: Record) -> None:
    """An error where that is possible, and never a torn output."""
    for name in ("train", "pack", "classify"):
        job, place = samples.jobs[name], samples.place()
        for size in MEMORY:
            job.set_up(place, True)
            outcome = programs.run(job.command, place, memory=size << 10)
            record.trials += 1
            record.notes["had memory enough" if outcome.status == 0 else "had too little memory"] += 1
            found = content(place / job.output)
            record.check(found == (job.new if outcome.status == 0 else job.old),
                         f"{name}: {size} KiB: status {outcome.status} with another {job.output}")
