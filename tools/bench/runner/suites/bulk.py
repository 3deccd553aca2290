"""A file of texts to a file of answers: whole processes, reading the model included."""

import functools

from runner import fasttext_models
from runner.case import Case, Contestant, timed
from runner.process import run
from runner.programs import CLASSIFY, MODEL, RNNPKG


def cases(context):
    texts = context.texts
    small = context.directory / "gru128.rnnpkg"
    # How fast it answers does not depend on what it has learned.
    run([
        RNNPKG, "train", texts.train, "--valid", texts.valid, "--cell", "gru", "--hidden", 128, "--embedding", 128,
        "--direction", "forward", "--epochs", 1, "--max-tokens", 40, "--quiet", "--restart", "--output", small,
    ])
    for name, model in (("LSTM 128 in both directions, the zoo's, int8", MODEL), ("GRU 128", small)):
        for threads in context.threads:
            contestants = [Contestant("recurrent", "", _classify(context, model, threads))]
            if model != MODEL:
                contestants.append(Contestant("recurrent", "int8", _quantised(context, model, threads)))
            if "fasttext" in context.peers:
                # One thread always: it predicts on no more.
                command = [context.peers.fasttext, "predict-prob", fasttext_models.trained(context)["bin"], texts.lines]
                contestants.append(Contestant("fasttext", "bin", timed(command)))
            yield Case(
                "bulk", {"model": name, "data": texts.source, "texts": texts.line_count}, threads, contestants,
                context.effort.rounds, {"texts": texts.line_count, "words": texts.word_count})


def _classify(context, model, threads):
    return timed([
        CLASSIFY, "--model", model, "--input", context.texts.lines, "--threads", threads, "--json",
        "--output", context.directory / "answers.jsonl",
    ])


def _quantised(context, model, threads):
    package = context.directory / f"{model.stem}.int8.rnnpkg"

    @functools.cache
    def quantise():
        run([RNNPKG, "quantize", model, "--output", package])

    def measure():
        quantise()
        return _classify(context, package, threads)()

    return measure
