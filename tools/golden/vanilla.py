"""Golden files of the vanilla cells, tanh and ReLU: rnn_tanh_*.json and rnn_relu_*.json."""

from golden_file import write
from golden_model import Choices

for seed, cell, scale in [(11, "rnn_tanh", 1.0), (12, "rnn_relu", 0.6)]:
    write(f"{cell}_l2_both", Choices(cell, layers=2, direction="both", seed=seed, scale=scale))
    write(
        f"{cell}_l1_forward",
        Choices(
            cell, layers=1, direction="forward", seed=seed + 10, scale=scale,
            label_smoothing=0.1, class_weights=[1.0, 2.0, 0.5],
        ),
    )
