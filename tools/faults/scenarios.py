"""Every scenario by its name, in the order in which they are run."""

from collections.abc import Callable
from functools import partial

import injections
import kills
import limits
import rivals
import stops
import streams
import surroundings
import upfront
from jobs import Samples
from ledger import Budget, Record

Scenario = Callable[[Samples, Record, Budget], None]

ALL: dict[str, Scenario] = {
    **{f"kill-{job}": partial(kills.kill_loop, job) for job in ("train", "resume", "pack", "classify", "unpack")},
    "kill-calls": injections.killing_calls,
    "fail-calls": injections.failing_calls,
    "up-front": upfront.outputs,
    "full-disk": upfront.full_disks,
    "rivals": rivals.rivals,
    "streams": streams.streams,
    "stops": stops.stops,
    "limits": limits.limits,
    "surroundings": surroundings.surroundings,
}
