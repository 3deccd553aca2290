"""How much is measured: all of it, or a quick look at whether everything runs."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Effort:
    # Times that the contestants of a case take turns.
    rounds: int
    # Seconds that a process measures for.
    seconds: float
    # Whole processes a turn, for cold starts.
    processes: int
    train_texts: int
    bulk_texts: int
    # Batches that PyTorch's epoch is extrapolated from.
    epoch_batches: int
    quick: bool


FULL = Effort(
    rounds=3, seconds=0.6, processes=7, train_texts=25_000, bulk_texts=25_000, epoch_batches=60, quick=False)
QUICK = Effort(
    rounds=2, seconds=0.1, processes=2, train_texts=400, bulk_texts=500, epoch_batches=3, quick=True)
