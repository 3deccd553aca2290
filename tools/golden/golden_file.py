"""Computes what a golden file holds and writes it to Tests/TestSupport/Golden/Files."""

import copy
import json
import pathlib
import struct
import sys

import torch

from golden_model import GoldenClassifier, Masks, draw_batches, draw_masks, draw_parameters, masks_as

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "Tests" / "TestSupport" / "Golden" / "Files"
STEPS = 20
CLIP_NORM = 1.0
OPTIMIZERS = {
    "adam": dict(learningRate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8),
    "adamw": dict(learningRate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8, weightDecay=0.01),
    "sgd": dict(learningRate=0.1, momentum=0.9),
}


def make_optimizer(name, parameters):
    settings = OPTIMIZERS[name]
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=settings["learningRate"], momentum=settings["momentum"])
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name]
    return kind(
        parameters,
        lr=settings["learningRate"],
        betas=(settings["beta1"], settings["beta2"]),
        eps=settings["epsilon"],
        weight_decay=settings.get("weightDecay", 0.0),
    )


def shortest(value, is_double):
    """The shortest decimal that reads back as the same number in its own width."""
    if is_double or value == 0:
        return value
    for digits in range(1, 10):
        candidate = float(f"{value:.{digits}g}")
        if struct.unpack("f", struct.pack("f", candidate))[0] == value:
            return candidate
    return value


def numbers(tensor):
    is_double = tensor.dtype == torch.float64

    def convert(value):
        return [convert(item) for item in value] if isinstance(value, list) else shortest(value, is_double)

    return convert(tensor.detach().tolist())


def flat(tensor):
    return numbers(tensor.detach().reshape(-1))


def evaluate(model, batch, masks):
    model.zero_grad()
    logits, finals = model(batch["sequences"], masks)
    loss = model.loss(logits, batch["labels"])
    loss.backward()
    return logits, finals, loss, {name: p.grad for name, p in model.named_parameters()}


def evaluation(model, batch, masks):
    logits, finals, loss, gradients = evaluate(model, batch, masks)
    return {
        "logits": numbers(logits),
        "finalStates": [numbers(slot) for slot in finals],
        "loss": numbers(loss),
        "gradients": {name: flat(gradient) for name, gradient in gradients.items()},
    }


def train(model, optimizer_name, batches, masks):
    model = copy.deepcopy(model)
    optimizer = make_optimizer(optimizer_name, model.parameters())
    losses, norms = [], []
    for step in range(STEPS):
        _, _, loss, _ = evaluate(model, batches[step % len(batches)], masks)
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP_NORM))
        optimizer.step()
        losses.append(loss)
    return model, torch.stack(losses), torch.stack(norms)


def largest_relative_difference(found, expected):
    """The largest difference in a tensor over the tensor's largest element; the worst of all tensors."""
    return max(
        ((f.double() - e).abs().max() / e.abs().max()).item()
        for f, e in zip(found.parameters(), expected.parameters())
    )


def training(single, double, batches, masks):
    runs = []
    for name, settings in OPTIMIZERS.items():
        model, losses, norms = train(double, name, batches, masks_as(masks, torch.float64))
        model32, losses32, _ = train(single, name, batches, masks)
        assert (norms > CLIP_NORM).any(), f"{name}: the clipping is never reached"
        runs.append(
            {
                "optimizer": name,
                **settings,
                "clipNorm": CLIP_NORM,
                "steps": STEPS,
                "losses": numbers(losses),
                "gradientNorms": numbers(norms),
                "losses32": numbers(losses32),
                "difference32": shortest(float(f"{largest_relative_difference(model32, model):.2g}"), True),
                "parameters": {key: flat(p) for key, p in model.named_parameters()},
            }
        )
    return runs


def check_against_loop(choices, model, batch):
    """PyTorch's module and the loop written out by hand are the same function."""
    loop = GoldenClassifier(choices, loop=True).double()
    loop.load_state_dict(model.state_dict())
    expected, found = (evaluate(m, batch, Masks()) for m in (model, loop))
    for name, gradient in expected[3].items():
        torch.testing.assert_close(found[3][name], gradient, rtol=1e-10, atol=1e-13)
    torch.testing.assert_close(found[0], expected[0], rtol=1e-12, atol=1e-14)


def write(name, choices, has_training=True):
    """Writes `name`.json: values and gradients for the first batch, then what 20 optimiser steps lead to."""
    torch.manual_seed(choices.seed)
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(choices.seed)
    is_plain = choices.dropout == 0 and not choices.learned_initial_state and choices.direction != "backward"
    uses_module = is_plain and choices.cell != "gru_before" and choices.readout != "concat"
    single = GoldenClassifier(choices, loop=not uses_module)
    draw_parameters(single, generator)
    batches = draw_batches(choices, 4 if has_training else 1, generator)
    masks = draw_masks(choices, generator)
    double = copy.deepcopy(single).double()
    if uses_module:
        check_against_loop(choices, double, batches[0])
    script = pathlib.Path(sys.argv[0]).resolve().relative_to(ROOT).as_posix()
    content = {
        "header": {
            "script": script,
            "torch": torch.__version__,
            "seed": choices.seed,
            "regenerate": f"pip install -r tools/golden/requirements.txt && python3 {script}",
            "recurrence": f"torch.nn.{type(single.rnn).__name__}" if uses_module else "loop under autograd",
        },
        "cell": choices.cell,
        "direction": choices.direction,
        "layers": choices.layers,
        "inputSize": choices.input_size,
        "hiddenSize": choices.hidden_size,
        "vocabularySize": choices.vocabulary_size,
        "classes": choices.classes,
        "readout": choices.readout,
        "initialState": "learned" if choices.learned_initial_state else "zero",
        "labelSmoothing": choices.label_smoothing,
        "classWeights": choices.class_weights,
        "batches": batches,
        "masks": None
        if choices.dropout == 0
        else {
            "embeddingRows": numbers(masks.embedding_rows.double()),
            "locked": [numbers(mask.double()) for mask in masks.locked],
            "readout": numbers(masks.readout.double()),
        },
        # In full: the shortest decimal of a float32 is another number when it is read as a float64.
        "parameters": {
            key: {"shape": list(p.shape), "values": flat(p)} for key, p in double.named_parameters()
        },
        "float64": evaluation(double, batches[0], masks_as(masks, torch.float64)),
        "float32": evaluation(single, batches[0], masks),
        "training": training(single, double, batches, masks) if has_training else [],
    }
    path = FOLDER / f"{name}.json"
    path.write_text(render(content) + "\n")
    differences = ", ".join(f"{run['optimizer']} {run['difference32']}" for run in content["training"])
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes; float32 after {STEPS} steps: {differences}")


def render(value, indent=0):
    """JSON with a line per key, and arrays of numbers on one line."""
    if not isinstance(value, dict) and not (isinstance(value, list) and value and isinstance(value[0], dict)):
        return json.dumps(value, separators=(",", ":"), allow_nan=False)
    inner = " " * (indent + 1)
    if isinstance(value, dict):
        items = [f"{inner}{json.dumps(key)}: {render(item, indent + 1)}" for key, item in value.items()]
        opening, closing = "{", "}"
    else:
        items = [inner + render(item, indent + 1) for item in value]
        opening, closing = "[", "]"
    return opening + "\n" + ",\n".join(items) + "\n" + " " * indent + closing
