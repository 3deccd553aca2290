"""Golden files of the GRU: gru_*.json (reset gate after the product) and gru_before_*.json (before it).

PyTorch's GRU resets after the product. The other placement has no module and is a loop under autograd; the
same loop with the reset after the product is compared with the module.
"""

from golden_file import write
from golden_model import Choices

for seed, cell in [(14, "gru"), (15, "gru_before")]:
    write(f"{cell}_l2_both", Choices(cell, layers=2, direction="both", seed=seed))
    write(
        f"{cell}_l1_forward",
        Choices(
            cell, layers=1, direction="forward", seed=seed + 10,
            label_smoothing=0.1, class_weights=[1.0, 2.0, 0.5],
        ),
    )
# A backward layer alone, with everything around the cell: learned s_0, masks, pooling.
write(
    "gru_l2_backward_pooled",
    Choices(
        "gru", layers=2, direction="backward", seed=34, readout="concat", learned_initial_state=True, dropout=0.2,
        input_size=3, hidden_size=4,
    ),
    has_training=False,
)
