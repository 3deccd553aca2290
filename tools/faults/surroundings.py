"""Clocks, languages and threads: the same bytes everywhere."""

import programs
from jobs import Job, Samples, content
from ledger import Budget, Record

ODD = (
    {"LC_ALL": "C"},
    {"LC_ALL": "POSIX", "TZ": "America/St_Johns"},
    {"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8"},
    {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
    {"LC_ALL": "nonsense", "LANGUAGE": "xx"},
    {"TZ": "Pacific/Kiritimati"},
    {"TZ": ":/nowhere"},
    {"HOME": "/nowhere", "PATH": "", "TMPDIR": "/nowhere"},
)
THREADS = ("1", "2", "8")


def surroundings(samples: Samples, record: Record, budget: Budget) -> None:
    for name in ("train", "resume", "pack", "classify") if budget.is_full else ("train", "pack", "classify"):
        job = samples.jobs[name]
        for changes in ODD:
            same_bytes(job, job.command, samples, changes, f"{changes}", record)
        if "--threads" in job.command:
            for count in THREADS:
                command = list(job.command)
                command[command.index("--threads") + 1] = count
                for _ in range(4 if budget.is_full else 1):
                    same_bytes(job, command, samples, {}, f"{count} threads", record)


def same_bytes(job: Job, command: list[str], samples: Samples, changes: dict[str, str], what: str, record: Record) -> None:
    place = samples.place()
    job.set_up(place, False)
    record.trials += 1
    outcome = programs.run(command, place, env=programs.environment(**changes))
    if record.check(outcome.status == 0, f"{job.name}: {what}: {outcome}"):
        record.check(content(place / job.output) == job.new, f"{job.name}: {what}: other bytes")
