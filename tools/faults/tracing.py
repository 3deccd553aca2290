"""System calls on outputs, counted with strace, so that each of them can be failed or killed at."""

import os
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import programs
from programs import Outcome

CALLS = ("openat", "write", "fsync", "rename", "close")
TRACE = "trace"

NAMED = re.compile(r'^(\w+)\((?:AT_FDCWD<[^>]*>, )?"([^"]*)"(?:, "([^"]*)")?')
OPENED = re.compile(r"^(\w+)\(\d+<(/[^>]*)>")
TEMPORARY = re.compile(r"^\.(.*)\.\d+-[0-9a-f]+\.tmp$")


@dataclass(frozen=True)
class Call:
    """One system call on something in the output's directory."""

    name: str
    # The how-manieth call of this name the process makes.
    ordinal: int
    # The name the call is about in the end: a temporary file's is that of the file it becomes.
    target: str
    is_directory: bool
    # Whether the output had taken its place before.
    is_after_output: bool

    def __str__(self) -> str:
        return f"{self.name} of {'the directory of ' * self.is_directory}{self.target or 'outputs'}"


def unavailable() -> str | None:
    """Why there is no tracing, or nothing."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    trial = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True)
    return None if trial.returncode == 0 else f"strace may not trace: {trial.stderr.strip().splitlines()[-1:]}"


def traced(command: list[str], place: Path, log: Path, calls: str, inject: str | None = None) -> Outcome:
    options = ["strace", "-f", "-y", "-qq", "-o", str(log), "-e", f"trace={calls}"]
    if inject is not None:
        options += ["-e", f"inject={inject}"]
    return programs.run(options + command, place)


def calls(log: Path, place: Path, output: str) -> list[Call]:
    """The calls of a traced run that concern `place`, in order."""
    counts: Counter[tuple[str, str]] = Counter()
    directories: set[Path] = set()
    found: list[Call] = []
    renamed, is_after_output = "", False
    for line in log.read_text(errors="replace").splitlines():
        thread, _, text = line.partition(" ")
        text = text.lstrip()
        # A call that another thread's interrupted is counted where it began.
        if (word := re.match(r"^(\w+)\(", text)) is None:
            continue
        name = word[1]
        counts[thread, name] += 1
        match = NAMED.match(text) or OPENED.match(text)
        if match is None:
            continue
        path = Path(os.path.normpath(place / match[2]))
        if path != place and place not in path.parents:
            continue
        if name == "openat" and "O_DIRECTORY" in text:
            directories.add(path)
        # A directory is synced for the sake of what was renamed in it.
        target = renamed if path == place else path.relative_to(place).parts[0]
        if (temporary := TEMPORARY.match(target)) is not None:
            target = temporary[1]
        found.append(Call(name, counts[thread, name], target, path in directories, is_after_output))
        if name == "rename":
            renamed = os.path.basename(match[3])
            is_after_output |= renamed == output
    return found


def was_injected(log: Path) -> bool:
    return "(INJECTED)" in log.read_text(errors="replace")
