"""One epoch of training on texts of real length: embedding 128, LSTM 256, batches of 64, at most 400 tokens, Adam 1e-3.

PyTorch's is extrapolated from some batches; Recurrent's is a whole one.
"""

import json

from runner.case import Case, Contestant, Sample
from runner.process import run
from runner.programs import RNNPKG


def cases(context):
    texts, effort = context.texts, context.effort
    threads = context.threads[-1]
    contestants = [Contestant("recurrent", "", _train(context, threads))]
    contestants.append(Contestant("recurrent", "bf16", _train(context, threads, "--precision", "bf16")))
    contestants += context.peers.epoch(texts.train, threads, effort.epoch_batches)
    # An epoch is long enough for two turns.
    yield Case(
        "epoch", {"data": texts.source, "texts": texts.train_count}, threads, contestants, 2,
        {"texts": texts.train_count})


def _train(context, threads, *options):
    log = context.directory / "epoch.jsonl"
    command = [
        RNNPKG, "train", context.texts.train, "--valid", context.texts.valid, "--cell", "lstm", "--hidden", 256,
        "--embedding", 128, "--direction", "forward", "--min-count", 1, "--vocabulary-size", 30_000,
        "--max-tokens", 400, "--truncate", "head", "--epochs", 1, "--batch-size", 64, "--batch-tokens", 64 * 400,
        "--optimizer", "adam", "--lr", 0.001, "--schedule", "constant", "--clip", 5, "--average", 0,
        "--dropout", 0.3, "--input-dropout", 0.3, "--word-dropout", 0, "--threads", threads, "--quiet",
        "--restart", "--log", log, "--output", context.directory / "epoch.rnnpkg", *options,
    ]

    def measure():
        outcome = run(command)
        return Sample(json.loads(log.read_text().splitlines()[-1])["seconds"] * 1e6, outcome)

    return measure
