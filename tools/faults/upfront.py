"""Outputs that cannot be: refused before the work, not after it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import programs
from jobs import CHECKPOINT, Job, Samples, content, litter, remove
from ledger import Budget, Record
from programs import Outcome

NOBODY = 65534
REFUSED = (73, 74)
JOBS = ("train", "pack", "classify")


def outputs(samples: Samples, record: Record, budget: Budget) -> None:
    """Places where no output can be made, for each command."""
    for name in JOBS:
        job = samples.jobs[name]
        missing_directory(job, samples, record)
        file_as_directory(job, samples, record)
        target_is_directory(job, samples, record)
        broken_link(job, samples, record)
        name_too_long(job, samples, record)
        full_device(job, samples, record)
        read_only_directory(job, samples, record)
        link_to_read_only_directory(job, samples, record)
        other_device(job, samples, record)
    checkpoint_is_directory(samples, record)
    checkpoint_name_too_long(samples, record)
    checkpoint_in_read_only_directory(samples, record)
    output_is_read(samples, record)


def full_disks(samples: Samples, record: Record, budget: Budget) -> None:
    """Disks that fill up while a command writes: a small file system, and a limit on the size of files."""
    for name in ("train", "resume", "pack", "classify"):
        job = samples.jobs[name]
        small_file_system(job, samples, record)
        file_size_limit(job, samples, record)


def with_output(job: Job, output: str) -> list[str]:
    command = list(job.command)
    command[command.index("-o") + 1] = output
    # Progress is what shows that training began.
    return [word for word in command if word != "--quiet"]


def refused(job: Job, outcome: Outcome, what: str, record: Record, path: str = "") -> None:
    record.trials += 1
    record.check(outcome.status in REFUSED, f"{job.name}: {what}: {outcome}")
    record.check((path or job.output) in outcome.message, f"{job.name}: {what}: no path in {outcome.message!r}")
    if job.trains:
        record.check("epoch 1" not in outcome.message, f"{job.name}: {what}: refused only after the first epoch")


def unchanged(job: Job, place: Path, names: list[str], what: str, record: Record) -> None:
    found = sorted(path.name for path in place.iterdir())
    record.check(found == names, f"{job.name}: {what}: there is now {found}")
    for name in litter(place):
        remove(place / name)


def missing_directory(job: Job, samples: Samples, record: Record) -> None:
    place = samples.place()
    refused(job, programs.run(with_output(job, f"nowhere/{job.output}"), place), "missing directory", record)
    unchanged(job, place, [], "missing directory", record)


def file_as_directory(job: Job, samples: Samples, record: Record) -> None:
    place = samples.place()
    (place / "file").write_bytes(b"")
    refused(job, programs.run(with_output(job, f"file/{job.output}"), place), "a file as directory", record)
    unchanged(job, place, ["file"], "a file as directory", record)


def target_is_directory(job: Job, samples: Samples, record: Record) -> None:
    place = samples.place()
    (place / job.output).mkdir()
    refused(job, programs.run(with_output(job, job.output), place), "a directory as output", record)
    unchanged(job, place, [job.output], "a directory as output", record)


def broken_link(job: Job, samples: Samples, record: Record) -> None:
    place = samples.place()
    (place / job.output).symlink_to("nowhere/file")
    refused(job, programs.run(with_output(job, job.output), place), "a link to nowhere", record)
    unchanged(job, place, [job.output], "a link to nowhere", record)


def name_too_long(job: Job, samples: Samples, record: Record) -> None:
    place = samples.place()
    output = "n" * 260
    refused(job, programs.run(with_output(job, output), place), "a name of 260 bytes", record, output)
    unchanged(job, place, [], "a name of 260 bytes", record)


def full_device(job: Job, samples: Samples, record: Record) -> None:
    place = samples.place()
    (place / job.output).symlink_to("/dev/full")
    refused(job, programs.run(with_output(job, job.output), place), "/dev/full", record)
    unchanged(job, place, [job.output], "/dev/full", record)


def as_nobody(samples: Samples) -> tuple[int | None, str | None]:
    """The user that has no rights to what this one owns, and why there is none."""
    if os.geteuid() != 0:
        return None, None
    try:
        outcome = programs.run(samples.rnnpkg("--version"), samples.root, user=NOBODY)
    except OSError as error:
        return None, f"no command can be run as another user: {error}"
    return (NOBODY, None) if outcome.status == 0 else (None, f"another user cannot run the programs: {outcome}")


def read_only(samples: Samples, job: Job, what: str, record: Record, lay: Callable[[Path], Path]) -> None:
    """Runs as a user who may not write into the place that `lay` returns."""
    user, reason = as_nobody(samples)
    if reason is not None:
        return record.skip(f"{what}: {reason}")
    place = samples.place()
    closed = lay(place)
    if user is not None:
        os.chmod(place, 0o777 if closed != place else 0o755)
    os.chmod(closed, 0o555)
    before = sorted(path.name for path in place.iterdir())
    refused(job, programs.run(with_output(job, job.output), place, user=user), what, record)
    unchanged(job, place, before, what, record)
    os.chmod(closed, 0o755)


def read_only_directory(job: Job, samples: Samples, record: Record) -> None:
    def lay(place: Path) -> Path:
        (place / job.output).write_bytes(job.old or b"")
        return place

    read_only(samples, job, "a read-only directory", record, lay)


def link_to_read_only_directory(job: Job, samples: Samples, record: Record) -> None:
    def lay(place: Path) -> Path:
        (place / "closed").mkdir()
        (place / "closed" / "file").write_bytes(job.old or b"")
        (place / job.output).symlink_to("closed/file")
        return place / "closed"

    read_only(samples, job, "a link into a read-only directory", record, lay)


def checkpoint_in_read_only_directory(samples: Samples, record: Record) -> None:
    """The checkpoint's directory is that of the link, not that of the package."""
    job = samples.jobs["train"]

    def lay(place: Path) -> Path:
        target = samples.place()
        os.chmod(target, 0o777)
        (place / job.output).symlink_to(target / job.output)
        (target / job.output).write_bytes(job.old or b"")
        return place

    read_only(samples, job, "a checkpoint in a read-only directory", record, lay)


def checkpoint_is_directory(samples: Samples, record: Record) -> None:
    job, place = samples.jobs["train"], samples.place()
    (place / CHECKPOINT).mkdir()
    refused(job, programs.run(with_output(job, job.output), place), "a directory as checkpoint", record)
    unchanged(job, place, [CHECKPOINT], "a directory as checkpoint", record)


def checkpoint_name_too_long(samples: Samples, record: Record) -> None:
    """A name that a file can have, and its checkpoint cannot."""
    job, place = samples.jobs["train"], samples.place()
    output = "n" * 243 + ".rnnpkg"
    refused(job, programs.run(with_output(job, output), place), "a checkpoint's name of 261 bytes", record, output)
    unchanged(job, place, [], "a checkpoint's name of 261 bytes", record)


def output_is_read(samples: Samples, record: Record) -> None:
    """Outputs that would destroy what the command reads, or another of its outputs."""
    texts = (samples.data / "texts.txt").read_bytes()[:400]
    own = [word.removeprefix("../data/") for word in samples.train(output="t.tsv")]
    cases = (
        ("train onto its data", own, Path("t.tsv")),
        ("train with one name for log and package", samples.train("--log", "out.rnnpkg"), Path("out.rnnpkg")),
        ("train with one name for log and checkpoint", samples.train("--log", CHECKPOINT), Path(CHECKPOINT)),
        ("pack onto a file it packs", samples.rnnpkg("pack", "unpacked", "-o", "unpacked/weights.safetensors"),
         Path("unpacked/weights.safetensors")),
        ("classify onto its texts", [str(samples.programs.classify), "-m", "../data/new.rnnpkg", "-i", "texts.txt",
                                     "-o", "texts.txt"], Path("texts.txt")),
        ("classify onto its package", [str(samples.programs.classify), "-m", "out.rnnpkg", "-o", "out.rnnpkg", "text"],
         Path("out.rnnpkg")),
    )
    for what, command, precious in cases:
        place = samples.place()
        (place / "out.rnnpkg").write_bytes(samples.old_package)
        (place / "texts.txt").write_bytes(texts)
        shutil.copy(samples.data / "t.tsv", place)
        shutil.copytree(samples.data / "unpacked", place / "unpacked")
        before = content(place / precious)
        outcome = programs.run(command, place)
        record.trials += 1
        record.check(outcome.status in (64, *REFUSED), f"{what}: {outcome}")
        record.check(content(place / precious) == before, f"{what}: {precious.name} is destroyed")


def other_device(job: Job, samples: Samples, record: Record) -> None:
    """A link to another file system: the file is replaced over there, and the link stays."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK) or shared.stat().st_dev == samples.root.stat().st_dev:
        return record.skip("another device: /dev/shm is none")
    there = shared / samples.root.name
    there.mkdir()
    try:
        place = samples.place()
        (there / job.output).write_bytes(job.old or b"")
        (place / job.output).symlink_to(there / job.output)
        outcome = programs.run(with_output(job, job.output), place)
        record.trials += 1
        record.check(outcome.status == 0, f"{job.name}: another device: {outcome}")
        record.check((place / job.output).is_symlink(), f"{job.name}: another device: the link is gone")
        record.check(content(there / job.output) == job.new, f"{job.name}: another device: not the new file")
        unchanged(job, place, [job.output], "another device", record)
        unchanged(job, there, [job.output], "another device, over there", record)
    finally:
        shutil.rmtree(there)


def small_file_system(job: Job, samples: Samples, record: Record) -> None:
    """A file system that holds the old files and a part of the new one."""
    sizes = {"train": 72, "resume": 72, "pack": 16, "classify": 256}
    place = samples.place()
    report = samples.place()
    kept = " ".join(name for name, _ in job.beside)
    script = f"""
      mount -t tmpfs -o size={sizes[job.name]}k none {place} || exit 99
      cd {place} && cp {report}/old {job.output} && for name in {kept}; do cp {report}/$name $name; done
      "$@"; status=$?
      ls -A > {report}/names; cp -r . {report}/found; exit $status"""
    (report / "old").write_bytes(job.old or b"")
    for name, data in job.beside:
        (report / name).write_bytes(data)
    try:
        outcome = programs.run(["unshare", "--mount", "sh", "-c", script, "sh", *with_output(job, job.output)], place)
    except FileNotFoundError:
        return record.skip("a small file system: there is no unshare")
    if not (report / "names").exists():
        return record.skip(f"a small file system: it cannot be mounted: {outcome}")
    ended_full(job, outcome, report / "found", "a full file system", record)


def file_size_limit(job: Job, samples: Samples, record: Record) -> None:
    place = samples.place()
    job.set_up(place, True)
    outcome = programs.run(with_output(job, job.output), place, file_size=4096)
    ended_full(job, outcome, place, "a limit on the size of files", record)


def ended_full(job: Job, outcome: Outcome, place: Path, what: str, record: Record) -> None:
    record.trials += 1
    record.check(outcome.status in REFUSED, f"{job.name}: {what}: {outcome}")
    record.check(job.output in outcome.message, f"{job.name}: {what}: no path in {outcome.message!r}")
    record.check(content(place / job.output) == job.old, f"{job.name}: {what}: the old file is gone")
    record.check(not litter(place), f"{job.name}: {what}: left {len(litter(place))} temporary files or locks")
    if job.beside:
        record.check((place / CHECKPOINT).exists(), f"{job.name}: {what}: the checkpoint is gone")
