"""Golden files of the LSTM: lstm_*.json."""

from golden_file import write
from golden_model import Choices

write("lstm_l2_both", Choices("lstm", layers=2, direction="both", seed=13))
write(
    "lstm_l1_forward",
    Choices(
        "lstm", layers=1, direction="forward", seed=23, scale=1.5,
        label_smoothing=0.1, class_weights=[1.0, 2.0, 0.5],
    ),
)
# Everything around the cell at once: learned s_0, masks, pooling. PyTorch has no module for it.
write(
    "lstm_l2_both_pooled",
    Choices(
        "lstm", layers=2, direction="both", seed=33, readout="concat", learned_initial_state=True, dropout=0.2,
        input_size=3, hidden_size=4,
    ),
    has_training=False,
)
write("lstm_l1_both_attention", Choices("lstm", layers=1, direction="both", seed=43, readout="attention"))
