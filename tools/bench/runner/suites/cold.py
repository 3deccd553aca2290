"""A new process that reads its model, answers for one sentence and ends: what a shell user waits for.

The peers run an untrained LSTM of 128/256 over 10,000 words (6.7 MB), fastText a model of the texts at hand.
"""

import functools

from runner import fasttext_models
from runner.case import Case, Contestant, timed
from runner.process import run
from runner.programs import CLASSIFY, MODEL

_SENTENCE = "A warm, funny film, and a delight from the first scene to the last."


def cases(context):
    effort, peers = context.effort, context.peers
    contestants = [
        Contestant("recurrent", "", timed([CLASSIFY, "--model", MODEL, _SENTENCE], processes=effort.processes))
    ]
    for name, maker, suffix in (
        ("torch", "make_torch.py", "pt"), ("onnxruntime", "make_onnx.py", "onnx"), ("openvino", "make_onnx.py", "onnx"),
    ):
        if name in peers:
            contestants.append(Contestant(name, "", _peer(context, name, maker, suffix)))
    if "fasttext" in peers:
        for variant, model in fasttext_models.trained(context).items():
            command = [peers.fasttext, "predict-prob", model, "-"]
            contestants.append(
                Contestant("fasttext", variant, timed(command, text=_SENTENCE + "\n", processes=effort.processes)))
    yield Case("cold", {"model": MODEL.name}, 1, contestants, effort.rounds)


def _peer(context, name, maker, suffix):
    model = context.directory / f"cold.{suffix}"
    sentence = context.peers.sentence(name, model, _SENTENCE, context.effort.processes)

    # In its turn, where a peer that fails is left out.
    @functools.cache
    def make():
        run(context.peers.command(name, f"cold/{maker}", model))

    def measure():
        make()
        return sentence()

    return measure
