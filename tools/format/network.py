"""From token ids to logits: embedding, recurrent layers, readout."""

from dataclasses import dataclass
from typing import Any

import numpy as np

import cells
from cells import Cell, State
from errors import Malformed, Unsupported
from products import Arithmetic
from tensors import Tensor

REVERSALS = {"forward": [False], "backward": [True], "both": [False, True]}
SUMMARIES = {"last": 1, "concat": 3, "attention": 2}


@dataclass(frozen=True)
class Layer:
    """A cell at one level, reading in one direction."""

    cell: Cell
    is_reversed: bool
    first: State

    def piece(self, x: np.ndarray) -> np.ndarray:
        """h_t of each row, from the first state, in reading order."""
        projected, state, outputs = self.cell.project(x), self.first, []
        for row in projected:
            state = self.cell.step(row, state)
            outputs.append(state[0])
        return np.stack(outputs)


class Network:
    """Parameters come out of `tensors` by name; what is left over afterwards belongs to no part of the network."""

    def __init__(self, manifest: dict[str, Any], tensors: dict[str, Tensor]) -> None:
        model = manifest["model"]
        _check_choices(manifest)
        cells.check(model["encoder"]["cell"])
        self.arithmetic = Arithmetic(model.get("quantization") is not None)
        self.tensors = dict(tensors)
        self.embedding = self._take("embedding.weight", manifest["tokenizer"]["size"], model["embedding"]["dim"])
        encoder = model["encoder"]
        running = encoder.get("running") or {"kind": "continuous"}
        self.running: str = running["kind"]
        self.length: int | None = running.get("length")
        self.levels = self._levels(encoder, model["embedding"]["dim"])
        top = self.levels[-1]
        self.readout: str = model["readout"]["type"]
        width = SUMMARIES[self.readout] * len(top) * top[0].cell.hidden
        labels = len(manifest["task"]["labels"])
        number = self.arithmetic.number
        self.output = self.arithmetic.product(self._take("readout.weight", labels, width))
        self.bias = self._take("readout.bias", labels).astype(number)
        self.attention = [self._attention(layer) for layer in top] if self.readout == "attention" else []

    @property
    def unread(self) -> set[str]:
        """Tensors that are none of the network's."""
        return set(self.tensors)

    def logits(self, ids: list[int]) -> np.ndarray:
        x = self.embedding[ids].astype(self.arithmetic.number)
        outputs: list[np.ndarray] = []
        for level in self.levels:
            outputs = [self._run(layer, x) for layer in level]
            x = np.concatenate(outputs, axis=1)
        summaries = [self._summaries(index, output) for index, output in enumerate(outputs)]
        # Summary by summary, and within one direction by direction.
        features = np.concatenate([part for parts in zip(*summaries) for part in parts])
        return self.output(features, self.bias)

    def _run(self, layer: Layer, x: np.ndarray) -> np.ndarray:
        """h_t of each row of a text, in the order of the text."""
        if self.running == "windowed":
            rows = x[::-1] if layer.is_reversed else x
            output = np.stack(
                [layer.piece(rows[max(0, end - self.length) : end])[-1] for end in range(1, len(rows) + 1)]
            )
            return output[::-1] if layer.is_reversed else output
        length = self.length or len(x)
        pieces = [x[start : start + length] for start in range(0, len(x), length)]
        return np.concatenate(
            [layer.piece(piece[::-1])[::-1] if layer.is_reversed else layer.piece(piece) for piece in pieces]
        )

    def _summaries(self, direction: int, output: np.ndarray) -> list[np.ndarray]:
        # The state that was made last: in reverse that is the one at the text's first token.
        last = output[0] if self.levels[-1][direction].is_reversed else output[-1]
        if self.readout == "concat":
            return [last, output.max(axis=0), output.mean(axis=0)]
        if self.readout == "attention":
            product, bias, query = self.attention[direction]
            scores = np.tanh(product(output, bias)) @ query
            weights = np.exp(scores - scores.max())
            return [last, weights @ output / weights.sum()]
        return [last]

    def _levels(self, encoder: dict[str, Any], width: int) -> list[list[Layer]]:
        cell, levels = encoder["cell"], []
        for level in range(encoder["layers"]):
            layers = [
                self._layer(cell, width, f"_l{level}{'_reverse' if is_reversed else ''}", is_reversed, encoder)
                for is_reversed in REVERSALS[encoder["direction"]]
            ]
            levels.append(layers)
            width = layers[0].cell.hidden * len(layers)
        return levels

    def _layer(
        self, cell: dict[str, Any], width: int, suffix: str, is_reversed: bool, encoder: dict[str, Any]
    ) -> Layer:
        hidden = cell["config"]["hidden"]
        rows = len(cells.GATES[cell["id"]]) * hidden
        shapes = {"weight_ih": (rows, width), "weight_hh": (rows, hidden), "bias_ih": (rows,), "bias_hh": (rows,)}
        parameters = {name: self._take(f"rnn.{name}{suffix}", *shape) for name, shape in shapes.items()}
        made = cells.make(cell["id"], cell["config"], parameters, self.arithmetic)
        number = self.arithmetic.number
        if encoder["initialState"] == "learned":
            first = [self._take(f"rnn.initial_state_{slot}{suffix}", hidden) for slot in range(made.slots)]
        else:
            first = [np.zeros(hidden)] * made.slots
        return Layer(made, is_reversed, tuple(values.astype(number) for values in first))

    def _attention(self, layer: Layer) -> tuple[Any, np.ndarray, np.ndarray]:
        hidden, suffix = layer.cell.hidden, "_reverse" if layer.is_reversed else ""
        weight = self._take(f"readout.attention.weight{suffix}", hidden, hidden)
        bias = self._take(f"readout.attention.bias{suffix}", hidden)
        query = self._take(f"readout.attention.query{suffix}", hidden)
        number = self.arithmetic.number
        return self.arithmetic.product(weight), bias.astype(number), query.astype(number)

    def _take(self, name: str, *shape: int) -> np.ndarray:
        tensor = self.tensors.pop(name, None)
        if tensor is None or tensor.stored.shape != shape:
            found = "missing" if tensor is None else f"{tensor.stored.shape}"
            raise Malformed(f"tensor {name!r}: expected {shape}, found {found}")
        return tensor.values


def _check_choices(manifest: dict[str, Any]) -> None:
    model, task = manifest["model"], manifest["task"]
    encoder, readout = model["encoder"], model["readout"]
    calibration = model["output"].get("calibration") or {"method": "temperature"}
    choices: list[tuple[str, Any, list[Any]]] = [
        ("task.type", task["type"], ["classification"]),
        ("task.multiLabel", task.get("multiLabel"), [None, False]),
        ("output.calibration.method", calibration["method"], ["temperature"]),
        ("output.calibration.bias", calibration.get("bias"), [None]),
        ("output.thresholds", model["output"].get("thresholds"), [None]),
        ("encoder.cell.id", encoder["cell"]["id"], list(cells.GATES)),
        ("encoder.cell.version", encoder["cell"]["version"], [1]),
        ("encoder.merge", encoder.get("merge"), [None, "concat"]),
        ("encoder.cellClip", encoder.get("cellClip"), [None]),
        ("readout.type", readout["type"], list(SUMMARIES)),
        ("readout.hidden", readout.get("hidden"), [None, []]),
        ("output.activation", model["output"]["activation"], ["softmax"]),
    ]
    for path, found, known in choices:
        if found not in known:
            raise Unsupported(f"{path} is {found!r}; this reader knows {known}")
    specials = {"pad": 0, "unknown": 1, "begin": 2, "end": 3}
    if any((manifest["tokenizer"].get("specials") or specials)[name] != number for name, number in specials.items()):
        raise Malformed("tokenizer.specials are not those of version 1")
    if "tokenizer.json" in manifest["files"]:
        raise Unsupported("tokenizer.json: this reader's tokenizer has no tables")
