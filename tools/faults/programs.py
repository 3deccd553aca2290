"""The programs under test, and how they are run."""

import os
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

# A program that hangs is a broken promise, not a reason to wait.
PATIENCE = 30.0


@dataclass(frozen=True)
class Outcome:
    """How a run ended; a negative status is the signal that ended it."""

    status: int
    output: bytes
    message: str
    seconds: float

    def __str__(self) -> str:
        lines = self.message.strip().splitlines()
        return f"status {self.status}" + (f", {lines[-1]!r}" if lines else ", no message")


@dataclass(frozen=True)
class Programs:
    rnnpkg: Path
    classify: Path

    @staticmethod
    def find(directory: Path) -> "Programs":
        programs = Programs(directory / "rnnpkg", directory / "classify")
        for program in (programs.rnnpkg, programs.classify):
            if not os.access(program, os.X_OK):
                raise FileNotFoundError(
                    f"there is no {program.name} in {directory}; build it with: tools/run {program.name} --version")
        return programs


def environment(**changes: str) -> dict[str, str]:
    """The caller's surroundings without what would change outputs."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("LC_", "LANG", "RNNPKG_", "RECURRENT_")) and name not in ("TZ", "SOURCE_DATE_EPOCH")}
    # A debugger's report of a crash takes seconds and would hold the pipe open.
    return kept | {"SWIFT_BACKTRACE": "enable=no"} | changes


def start(command: list[str], place: Path, *, env: dict[str, str] | None = None, user: int | None = None,
          file_size: int | None = None, memory: int | None = None, stdin: int = subprocess.DEVNULL,
          stdout: int = subprocess.PIPE) -> subprocess.Popen:
    """Starts a command in `place`, as another user or with limits on files and address space where asked for."""
    limits = {resource.RLIMIT_FSIZE: file_size, resource.RLIMIT_AS: memory}
    limits = {which: size for which, size in limits.items() if size is not None}

    def limit() -> None:
        for which, size in limits.items():
            resource.setrlimit(which, (size, size))

    other = {} if user is None else {"user": user, "group": user, "extra_groups": []}
    return subprocess.Popen(command, cwd=place, env=env or environment(), stdin=stdin, stdout=stdout,
                            stderr=subprocess.PIPE, preexec_fn=limit if limits else None, **other)


def finish(process: subprocess.Popen, since: float) -> Outcome:
    try:
        output, message = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        output, message = process.communicate()
        message += b"\n(did not end by itself)"
    return Outcome(process.returncode, output or b"", message.decode(errors="replace"), time.monotonic() - since)


def run(command: list[str], place: Path, **options) -> Outcome:
    since = time.monotonic()
    return finish(start(command, place, **options), since)


def wait_for(process: subprocess.Popen, path: Path) -> None:
    """Waits until the process has made a file, or has ended."""
    until = time.monotonic() + PATIENCE
    while process.poll() is None and not path.exists():
        if time.monotonic() > until:
            process.kill()
            process.communicate()
            raise RuntimeError(f"{path.name} did not appear in {PATIENCE:.0f} s")
        time.sleep(0.001)
