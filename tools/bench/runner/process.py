"""One process from start to end: wall time, peak memory, output, and what other processes took meanwhile."""

import dataclasses
import json
import os
import resource
import subprocess
import sys
import tempfile
import time


class ProcessFailure(Exception):
    """A process that did not end with 0; the message is its last words."""


@dataclasses.dataclass
class Outcome:
    wall_us: float
    peak_mb: float
    # Linux hands this program's own peak, some 20 MB, on to its children: theirs is then no more than that.
    peak_is_bound: bool
    # Cores that other processes kept busy; None where the system does not tell.
    foreign: float | None
    output: str

    def report(self) -> dict:
        """The JSON object on the last line of output."""
        try:
            return json.loads(self.output.strip().splitlines()[-1])
        except (IndexError, json.JSONDecodeError) as error:
            raise ProcessFailure(f"no line of JSON in {self.output[-200:]!r}") from error


def run(command, environment=None, text="") -> Outcome:
    """Runs `command` with `environment` added to this one's and `text` on standard input."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        source.write(text.encode())
        source.seek(0)
        busy = _busy_seconds()
        start = time.perf_counter()
        try:
            process = subprocess.Popen(
                [str(part) for part in command], stdin=source, stdout=output, stderr=errors,
                env={**os.environ, **(environment or {})})
        except OSError as error:
            raise ProcessFailure(str(error)) from error
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        foreign = None
        if busy is not None:
            foreign = max(0.0, (_busy_seconds() - busy - usage.ru_utime - usage.ru_stime) / wall)
        if process.returncode != 0:
            errors.seek(0)
            lines = errors.read().decode(errors="replace").strip().splitlines() or ["no message"]
            # Swift's usage errors are followed by the usage; Python's come last.
            message = next((line for line in lines if line.startswith("Error: ")), lines[-1])
            raise ProcessFailure(f"exit code {process.returncode}: {message}")
        output.seek(0)
        # Linux counts kilobytes, macOS bytes.
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
        is_bound = usage.ru_maxrss <= resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return Outcome(wall * 1e6, peak, is_bound, foreign, output.read().decode(errors="replace"))


def _busy_seconds():
    """Seconds that all processors together have been busy since the system started."""
    try:
        with open("/proc/stat") as file:
            ticks = [int(word) for word in file.readline().split()[1:9]]
    except OSError:
        return None
    # All but idle and waiting for disks.
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")
