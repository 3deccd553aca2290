"""The model behind the golden files: embedding, recurrence, readout, cross-entropy.

The recurrence is PyTorch's own module over a packed sequence where there is one, and `LoopRecurrence`
otherwise: one time step after the other under autograd, with the parameter names of PyTorch's modules.
Everything that is drawn is a multiple of 1/1024, so that it is the same number in float32 and float64
and in a JSON file.
"""

from dataclasses import dataclass, field

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

GATES = {"rnn_tanh": 1, "rnn_relu": 1, "lstm": 4, "gru": 3, "gru_before": 3}
DIRECTIONS = {"forward": [False], "backward": [True], "both": [False, True]}


@dataclass
class Choices:
    """What a golden file's model looks like."""

    cell: str
    layers: int
    direction: str
    seed: int
    input_size: int = 5
    hidden_size: int = 6
    vocabulary_size: int = 8
    classes: int = 3
    readout: str = "last"
    learned_initial_state: bool = False
    label_smoothing: float = 0.0
    class_weights: list = None
    dropout: float = 0.0
    scale: float = 1.0  # of the initial parameters
    lengths: list = field(default_factory=lambda: [7, 4, 4, 1])

    @property
    def slots(self):
        return 2 if self.cell == "lstm" else 1

    @property
    def output_size(self):
        return self.hidden_size * len(DIRECTIONS[self.direction])

    def layer_input_size(self, layer):
        return self.input_size if layer == 0 else self.output_size

    @property
    def feature_count(self):
        return self.output_size * {"last": 1, "concat": 3, "attention": 2}[self.readout]


@dataclass
class Masks:
    """Dropout written out as multipliers; None multiplies by one."""

    embedding_rows: torch.Tensor = None  # [vocabulary]
    locked: list = None  # a tensor [batch, features] per layer
    readout: torch.Tensor = None  # [batch, features]


class LoopRecurrence(nn.Module):
    """A stack of recurrent layers, one sequence and one time step at a time."""

    def __init__(self, choices):
        super().__init__()
        self.choices = choices
        hidden, rows = choices.hidden_size, GATES[choices.cell] * choices.hidden_size
        for layer in range(choices.layers):
            for is_reversed in DIRECTIONS[choices.direction]:
                suffix = self.suffix(layer, is_reversed)
                shapes = {
                    "weight_ih": (rows, choices.layer_input_size(layer)),
                    "weight_hh": (rows, hidden),
                    "bias_ih": (rows,),
                    "bias_hh": (rows,),
                }
                if choices.learned_initial_state:
                    for slot in range(choices.slots):
                        shapes[f"initial_state_{slot}"] = (hidden,)
                for name, shape in shapes.items():
                    self.register_parameter(name + suffix, nn.Parameter(torch.zeros(shape)))

    @staticmethod
    def suffix(layer, is_reversed):
        return f"_l{layer}" + ("_reverse" if is_reversed else "")

    def step(self, x, state, suffix):
        w_ih, w_hh, b_ih, b_hh = (
            getattr(self, name + suffix) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        h, cell = state[0], self.choices.cell
        if cell == "rnn_tanh":
            return [torch.tanh(w_ih @ x + b_ih + w_hh @ h + b_hh)]
        if cell == "rnn_relu":
            return [torch.relu(w_ih @ x + b_ih + w_hh @ h + b_hh)]
        if cell == "lstm":
            i, f, g, o = (w_ih @ x + b_ih + w_hh @ h + b_hh).chunk(4)
            c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
            return [torch.sigmoid(o) * torch.tanh(c), c]
        x_r, x_z, x_n = (w_ih @ x + b_ih).chunk(3)
        w_r, w_z, w_n = w_hh.chunk(3)
        b_r, b_z, b_n = b_hh.chunk(3)
        r = torch.sigmoid(x_r + w_r @ h + b_r)
        z = torch.sigmoid(x_z + w_z @ h + b_z)
        if cell == "gru":
            n = torch.tanh(x_n + r * (w_n @ h + b_n))
        else:
            n = torch.tanh(x_n + w_n @ (r * h) + b_n)
        return [(1 - z) * n + z * h]

    def forward(self, embedded, masks):
        """Outputs per sequence, and final states [slot][layer and direction][sequence]."""
        finals = [[] for _ in range(self.choices.slots)]
        sequences = embedded
        for layer in range(self.choices.layers):
            if masks.locked is not None:
                sequences = [s * masks.locked[layer][row] for row, s in enumerate(sequences)]
            joined = [[] for _ in sequences]
            for is_reversed in DIRECTIONS[self.choices.direction]:
                suffix = self.suffix(layer, is_reversed)
                ends = []
                for row, sequence in enumerate(sequences):
                    if self.choices.learned_initial_state:
                        state = [
                            getattr(self, f"initial_state_{slot}{suffix}") for slot in range(self.choices.slots)
                        ]
                    else:
                        state = [sequence.new_zeros(self.choices.hidden_size)] * self.choices.slots
                    outputs = []
                    for x in reversed(sequence) if is_reversed else sequence:
                        state = self.step(x, state, suffix)
                        outputs.append(state[0])
                    joined[row].append(torch.stack(outputs[::-1] if is_reversed else outputs))
                    ends.append(state)
                for slot in range(self.choices.slots):
                    finals[slot].append(torch.stack([state[slot] for state in ends]))
            sequences = [torch.cat(parts, dim=-1) for parts in joined]
        return sequences, [torch.stack(slot) for slot in finals]


class PackedRecurrence(nn.Module):
    """PyTorch's module over a packed sequence; its parameters are this module's own, under their names."""

    def __new__(cls, choices):
        options = dict(num_layers=choices.layers, bidirectional=choices.direction == "both")
        sizes = (choices.input_size, choices.hidden_size)
        if choices.cell == "lstm":
            return nn.LSTM(*sizes, **options)
        if choices.cell == "gru":
            return nn.GRU(*sizes, **options)
        return nn.RNN(*sizes, nonlinearity=choices.cell.removeprefix("rnn_"), **options)


class Attention(nn.Module):
    """Weights softmax(q tanh(A h_t + b)) over the steps of a sequence; A, b and q are each direction's own."""

    def __init__(self, choices):
        super().__init__()
        hidden = choices.hidden_size
        self.suffixes = ["_reverse" if is_reversed else "" for is_reversed in DIRECTIONS[choices.direction]]
        for suffix in self.suffixes:
            for name, shape in {"weight": (hidden, hidden), "bias": (hidden,), "query": (hidden,)}.items():
                self.register_parameter(name + suffix, nn.Parameter(torch.zeros(shape)))

    def forward(self, output):
        attended = []
        for steps, suffix in zip(output.chunk(len(self.suffixes), dim=-1), self.suffixes):
            weight, bias, query = (getattr(self, name + suffix) for name in ("weight", "bias", "query"))
            scores = torch.tanh(nn.functional.linear(steps, weight, bias)) @ query
            attended.append(torch.softmax(scores, dim=0) @ steps)
        return torch.cat(attended, dim=-1)


class GoldenClassifier(nn.Module):
    def __init__(self, choices, loop):
        super().__init__()
        self.choices = choices
        self.loop = loop
        self.embedding = nn.Embedding(choices.vocabulary_size, choices.input_size)
        self.rnn = LoopRecurrence(choices) if loop else PackedRecurrence(choices)
        self.readout = nn.Linear(choices.feature_count, choices.classes)
        if choices.readout == "attention":
            self.readout.attention = Attention(choices)

    def forward(self, sequences, masks):
        """Logits [batch, classes] and final states, [layers * directions, batch, hidden] per slot."""
        embedded = [self.embedding(torch.tensor(sequence)) for sequence in sequences]
        if masks.embedding_rows is not None:
            embedded = [
                rows * masks.embedding_rows[torch.tensor(sequence)][:, None]
                for rows, sequence in zip(embedded, sequences)
            ]
        if self.loop:
            outputs, finals = self.rnn(embedded, masks)
        else:
            lengths = [len(sequence) for sequence in sequences]
            packed, state = self.rnn(pack_padded_sequence(pad_sequence(embedded), lengths))
            padded, _ = pad_packed_sequence(packed)
            outputs = [padded[:length, row] for row, length in enumerate(lengths)]
            finals = list(state) if isinstance(state, tuple) else [state]
        directions = len(DIRECTIONS[self.choices.direction])
        features = torch.cat(list(finals[0][-directions:]), dim=-1)
        if self.choices.readout == "concat":
            largest = torch.stack([output.max(dim=0).values for output in outputs])
            mean = torch.stack([output.mean(dim=0) for output in outputs])
            features = torch.cat([features, largest, mean], dim=-1)
        if self.choices.readout == "attention":
            attended = torch.stack([self.readout.attention(output) for output in outputs])
            features = torch.cat([features, attended], dim=-1)
        if masks.readout is not None:
            features = features * masks.readout
        return self.readout(features), finals

    def loss(self, logits, labels):
        weights = self.choices.class_weights
        return nn.functional.cross_entropy(
            logits,
            torch.tensor(labels),
            weight=None if weights is None else torch.tensor(weights, dtype=logits.dtype),
            label_smoothing=self.choices.label_smoothing,
        )


def draw(shape, generator, scale):
    """Uniform multiples of 1/1024 up to ±scale, in float32."""
    bound = int(scale * 1024)
    return torch.randint(-bound, bound + 1, shape, generator=generator).to(torch.float32) / 1024


def draw_parameters(model, generator):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(draw(tuple(parameter.shape), generator, model.choices.scale))


def draw_batches(choices, count, generator):
    """Batches that read every row of the embedding, so that a sparse and a dense optimiser agree."""
    total, batches = sum(choices.lengths), []
    assert total >= choices.vocabulary_size
    for _ in range(count):
        tokens = torch.cat(
            [
                torch.arange(choices.vocabulary_size),
                torch.randint(0, choices.vocabulary_size, (total - choices.vocabulary_size,), generator=generator),
            ]
        )
        tokens = tokens[torch.randperm(total, generator=generator)].tolist()
        sequences = []
        for length in choices.lengths:
            sequences.append(tokens[:length])
            tokens = tokens[length:]
        labels = torch.randint(0, choices.classes, (len(sequences),), generator=generator).tolist()
        batches.append({"sequences": sequences, "labels": labels})
    return batches


def draw_masks(choices, generator):
    """Multipliers of 0 and 1 / (1 - rate); a rate of 0.2 or 0.5 makes them exact."""
    if choices.dropout == 0:
        return Masks()

    def mask(*shape):
        return (torch.rand(shape, generator=generator) >= choices.dropout).to(torch.float32) / (1 - choices.dropout)

    rows = len(choices.lengths)
    return Masks(
        embedding_rows=mask(choices.vocabulary_size),
        locked=[mask(rows, choices.layer_input_size(layer)) for layer in range(choices.layers)],
        readout=mask(rows, choices.feature_count),
    )


def masks_as(masks, dtype):
    return Masks(
        embedding_rows=None if masks.embedding_rows is None else masks.embedding_rows.to(dtype),
        locked=None if masks.locked is None else [mask.to(dtype) for mask in masks.locked],
        readout=None if masks.readout is None else masks.readout.to(dtype),
    )
