"""Sizes of recurrent layers, and what they cost."""

import dataclasses

# Words of the vocabulary in every test on token ids, ours and the peers'.
VOCABULARY = 30_000
_GATES = {"rnn": 1, "gru": 3, "lstm": 4}


@dataclasses.dataclass(frozen=True)
class Shape:
    cell: str
    input: int
    hidden: int
    batch: int
    steps: int
    # How token ids are drawn: zipf (word k with a share of 1/k, as in texts) or uniform.
    tokens: str = "zipf"

    def labels(self) -> dict:
        return dataclasses.asdict(self)

    def arguments(self) -> list:
        """As `recurrent-bench` and the peers' scripts take them."""
        return [
            "--cell", self.cell, "--input", self.input, "--hidden", self.hidden, "--steps", self.steps,
            "--tokens", self.tokens, "--vocabulary", VOCABULARY,
        ]

    def amounts(self, passes: int) -> dict:
        """Work of one run: `passes` is 1 forward and 3 in training. Flops are those of the two matrix products."""
        tokens = self.batch * self.steps
        flops = 2 * _GATES[self.cell] * self.hidden * (self.input + self.hidden) * tokens * passes
        return {"tokens": tokens, "texts": self.batch, "flops": flops}
