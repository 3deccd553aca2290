"""The cells: what a step makes of its projected input and of the state before."""

from typing import Any, Protocol

import numpy as np

from errors import Malformed
from products import Arithmetic

State = tuple[np.ndarray, ...]


class Cell(Protocol):
    """`project` is what a step takes from x_t alone; slot 0 of a state is h_t."""

    slots: int
    hidden: int

    def project(self, x: np.ndarray) -> np.ndarray: ...
    def step(self, projected: np.ndarray, state: State) -> State: ...


def sigmoid(x: np.ndarray) -> np.ndarray:
    return (1 + np.tanh(x / 2)) / 2


class Gated:
    """Two linear maps that all three cells share; parameters are 32-bit."""

    slots = 1

    def __init__(self, parameters: dict[str, np.ndarray], hidden: int, arithmetic: Arithmetic) -> None:
        self.hidden = hidden
        self.arithmetic = arithmetic
        self.parameters = parameters
        self.input = arithmetic.product(parameters["weight_ih"])
        self.recurrent = arithmetic.product(parameters["weight_hh"])
        self.input_bias = parameters["bias_ih"].astype(arithmetic.number)
        self.recurrent_bias = parameters["bias_hh"].astype(arithmetic.number)

    def project(self, x: np.ndarray) -> np.ndarray:
        return self.input(x, self.input_bias + self.recurrent_bias)


class Vanilla(Gated):
    def __init__(
        self, parameters: dict[str, np.ndarray], hidden: int, arithmetic: Arithmetic, activation: str
    ) -> None:
        super().__init__(parameters, hidden, arithmetic)
        self.activation = {"tanh": np.tanh, "relu": lambda x: np.maximum(x, 0)}[activation]

    def step(self, projected: np.ndarray, state: State) -> State:
        return (self.activation(self.recurrent(state[0], projected)),)


class LSTM(Gated):
    slots = 2

    def step(self, projected: np.ndarray, state: State) -> State:
        h, c = state
        i, f, g, o = np.split(self.recurrent(h, projected), 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c


class GRUResetAfter(Gated):
    def project(self, x: np.ndarray) -> np.ndarray:
        return self.input(x, self.input_bias)

    def step(self, projected: np.ndarray, state: State) -> State:
        (h,) = state
        input_r, input_z, input_n = np.split(projected, 3)
        recurrent_r, recurrent_z, recurrent_n = np.split(self.recurrent(h, self.recurrent_bias), 3)
        r, z = sigmoid(input_r + recurrent_r), sigmoid(input_z + recurrent_z)
        n = np.tanh(input_n + r * recurrent_n)
        return ((1 - z) * n + z * h,)


class GRUResetBefore(Gated):
    def __init__(self, parameters: dict[str, np.ndarray], hidden: int, arithmetic: Arithmetic) -> None:
        super().__init__(parameters, hidden, arithmetic)
        weight = parameters["weight_hh"]
        self.gates = arithmetic.product(weight[: 2 * hidden])
        self.candidate = arithmetic.product(weight[2 * hidden :])

    def step(self, projected: np.ndarray, state: State) -> State:
        (h,) = state
        r, z = np.split(sigmoid(self.gates(h, projected[: 2 * self.hidden])), 2)
        n = np.tanh(self.candidate(r * h, projected[2 * self.hidden :]))
        return ((1 - z) * n + z * h,)


# What the blocks of rows of the stacked matrices are.
GATES = {
    "rnn": ["hidden"],
    "lstm": ["input", "forget", "candidate", "output"],
    "gru": ["reset", "update", "new"],
}
# Choices beside `hidden`, each with its words; the first is meant where there is none.
OPTIONS = {"rnn": {"activation": ["tanh", "relu"]}, "lstm": {}, "gru": {"reset": ["after", "before"]}}


def check(cell: dict[str, Any]) -> None:
    """Refuses a known cell with a configuration that it does not have, or described otherwise than it is."""
    kind, config = cell["id"], cell["config"]
    if "hidden" not in config:
        raise Malformed("cell.config.hidden is missing")
    for key, value in config.items():
        if key == "hidden" or key.startswith("x-"):
            continue
        if key not in OPTIONS[kind] or value not in (None, *OPTIONS[kind][key]):
            raise Malformed(f"cell.config.{key} is {value!r}, but {kind!r} has {OPTIONS[kind]}")
    for key, known in (("gates", GATES[kind]), ("biases", "split")):
        if cell.get(key) not in (None, known):
            raise Malformed(f"cell.{key} is {cell[key]!r}, but {kind!r} has {known!r}")


def make(
    kind: str, config: dict[str, Any], parameters: dict[str, np.ndarray], arithmetic: Arithmetic
) -> Cell:
    """The cell that a manifest's `cell` describes, checked."""
    hidden = config["hidden"]
    choice = {key: config.get(key) or words[0] for key, words in OPTIONS[kind].items()}
    if kind == "lstm":
        return LSTM(parameters, hidden, arithmetic)
    if kind == "rnn":
        return Vanilla(parameters, hidden, arithmetic, choice["activation"])
    return (GRUResetBefore if choice["reset"] == "before" else GRUResetAfter)(parameters, hidden, arithmetic)
