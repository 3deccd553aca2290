"""The commands under test: what each reads, and what may stand at its output before and after."""

import random
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import programs
from programs import Programs

CHECKPOINT = "out.rnnpkg.checkpoint"


@dataclass(frozen=True)
class Job:
    """One command with one output, run in a directory of its own."""

    name: str
    command: list[str]
    output: str
    new: bytes
    old: bytes | None = None
    # What stands beside the output when the command begins.
    beside: tuple[tuple[str, bytes], ...] = ()
    # The command that goes on after this one was stopped.
    again: tuple[str, ...] = ()
    # Names beside the output that stay.
    kept: tuple[str, ...] = ()

    @property
    def trains(self) -> bool:
        return "train" in self.command

    @property
    def makes_package(self) -> bool:
        return self.output.endswith(".rnnpkg")

    def set_up(self, place: Path, with_old: bool) -> None:
        """The files before the command; what earlier runs left under other names stays."""
        remove(place / self.output)
        if self.trains:
            remove(place / CHECKPOINT)
        for name, data in self.beside:
            (place / name).write_bytes(data)
        if with_old and self.old is not None:
            (place / self.output).write_bytes(self.old)

    def before(self, with_old: bool) -> bytes | None:
        return self.old if with_old else None


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def content(path: Path) -> bytes | None:
    """A file's bytes, or those of all files of a directory with their names; nothing where there is neither."""
    try:
        if path.is_dir():
            return b"".join(file.name.encode() + b"\0" + file.read_bytes() for file in sorted(path.iterdir()))
        return path.read_bytes()
    except FileNotFoundError:
        return None


def litter(place: Path) -> list[str]:
    """Temporary files and locks."""
    return sorted(path.name for path in place.iterdir() if path.name.endswith((".tmp", ".lock")))


class Samples:
    """Tiny data, and what the programs make of it when nobody disturbs them."""

    EPOCHS = 20

    def __init__(self, found: Programs, root: Path) -> None:
        self.programs = found
        self.root = root
        self.data = root / "data"
        self.data.mkdir()
        self.places = 0
        chooser = random.Random(7)
        table = ["text\tlabel"]
        for index in range(60):
            table.append(f"{sentence(chooser, index % 2)}\t{'positive' if index % 2 else 'negative'}")
        (self.data / "t.tsv").write_text("\n".join(table) + "\n")
        (self.data / "texts.txt").write_text("".join(sentence(chooser, i % 2) + "\n" for i in range(20_000)))
        self.package = self.unbroken(self.train(), "out.rnnpkg")
        self.old_package = self.unbroken(self.train("--seed", "99"), "out.rnnpkg")
        (self.data / "new.rnnpkg").write_bytes(self.package)
        self.directory = self.unbroken(self.rnnpkg("unpack", "../data/new.rnnpkg", "unpacked"), "unpacked")
        self.must([str(found.rnnpkg), "unpack", "new.rnnpkg", "unpacked"], self.data)
        self.labels = self.unbroken(self.classify(), "labels.txt")
        self.checkpoint = self.stopped()
        self.jobs = {job.name: job for job in self.make_jobs()}

    def place(self) -> Path:
        """A new empty directory beside the data."""
        self.places += 1
        path = self.root / f"place{self.places}"
        path.mkdir()
        return path

    def rnnpkg(self, *arguments: str) -> list[str]:
        return [str(self.programs.rnnpkg), *arguments]

    def train(self, *more: str, epochs: int = EPOCHS, output: str = "out.rnnpkg") -> list[str]:
        """Begins anew among what earlier runs left, unless it is to go on."""
        if "--resume" not in more:
            more = (*more, "--restart")
        return self.rnnpkg("train", "../data/t.tsv", "-o", output, "--hidden", "8", "--embedding", "8", "--epochs",
                           str(epochs), "--patience", "0", "--batch-size", "2", "--threads", "1", *more)

    def classify(self, *more: str, output: str = "labels.txt") -> list[str]:
        return [str(self.programs.classify), "-m", "../data/new.rnnpkg", "-i", "../data/texts.txt", "--threads", "1",
                "-o", output, *more]

    def must(self, command: list[str], place: Path) -> None:
        outcome = programs.run(command, place)
        if outcome.status != 0:
            raise RuntimeError(f"an undisturbed run failed: {' '.join(command)}: {outcome}")

    def unbroken(self, command: list[str], output: str) -> bytes:
        place = self.place()
        self.must(command, place)
        made = content(place / output)
        if made is None:
            raise RuntimeError(f"an undisturbed run made no {output}: {' '.join(command)}")
        return made

    def stopped(self) -> bytes:
        """A checkpoint from the middle of training."""
        for _ in range(20):
            place = self.place()
            since = time.monotonic()
            process = programs.start(self.train("--quiet"), place)
            # One checkpoint an epoch, each a new file.
            seen: set[int] = set()
            while process.poll() is None and len(seen) < self.EPOCHS // 3:
                try:
                    seen.add((place / CHECKPOINT).stat().st_mtime_ns)
                except FileNotFoundError:
                    pass
            process.send_signal(signal.SIGINT)
            programs.finish(process, since)
            if (data := content(place / CHECKPOINT)) is not None:
                return data
        raise RuntimeError("training ended each time before it could be stopped")

    def make_jobs(self) -> list[Job]:
        often = ["--checkpoint-every", "0.02", "--quiet"]
        resume = tuple(self.train("--resume", *often))
        pack = self.rnnpkg("pack", "../data/unpacked", "-o", "out.rnnpkg")
        classify = self.classify()
        unpack = self.rnnpkg("unpack", "../data/new.rnnpkg", "unpacked")
        return [
            Job("train", self.train(*often), "out.rnnpkg", self.package, self.old_package, again=resume),
            Job("resume", list(resume), "out.rnnpkg", self.package, self.old_package,
                beside=((CHECKPOINT, self.checkpoint),), again=resume),
            Job("pack", pack, "out.rnnpkg", self.package, self.old_package, again=tuple(pack)),
            Job("classify", classify, "labels.txt", self.labels, b"an older result\n", again=tuple(classify)),
            Job("unpack", unpack, "unpacked", self.directory, again=tuple(unpack)),
        ]


def sentence(chooser: random.Random, label: int) -> str:
    words = ("dull slow sad poor awful", "warm funny lovely bright great")[label]
    words += " the a film plot scene actor was is and with"
    return " ".join(chooser.choice(words.split()) for _ in range(8))
