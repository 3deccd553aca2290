"""Loads exported state dicts into PyTorch for the tests: cases as JSON on standard input, logits on standard output.

Needs torch and safetensors (pip install -r tools/golden/requirements.txt). A case is {"weights", "choices" (as `Choices`
has them), "sequences"}; every tensor has to find its place in the module, and every place its tensor.
"""

import json
import sys

import torch
from golden_model import Choices, GoldenClassifier, Masks
from safetensors.torch import load_file


def logits(case):
    choices = Choices(**case["choices"], seed=0)
    has_module = (
        choices.cell != "gru_before" and choices.direction != "backward" and not choices.learned_initial_state
    )
    model = GoldenClassifier(choices, loop=not has_module)
    model.load_state_dict(load_file(case["weights"]), strict=True)
    with torch.no_grad():
        return model(case["sequences"], Masks())[0].tolist()


torch.set_num_threads(1)
json.dump([logits(case) for case in json.load(sys.stdin)], sys.stdout)
