"""What every suite is told."""

import dataclasses
import functools
import pathlib

from runner import texts
from runner.effort import Effort
from runner.peers import Peers


@dataclasses.dataclass
class Context:
    effort: Effort
    # Thread counts to measure with, ascending; the last one is the machine's.
    threads: list[int]
    peers: Peers
    data: pathlib.Path | None
    # For files made on the way.
    directory: pathlib.Path

    @functools.cached_property
    def texts(self) -> texts.Texts:
        return texts.prepare(self.directory, self.data, self.effort.train_texts, self.effort.bulk_texts)
