"""Batches of token ids to labels: embedding, one recurrent layer, readout."""

from runner.case import Case, Contestant, reported
from runner.programs import BENCH
from runner.shapes import Shape

_SIZES = [(64, 64), (128, 128), (128, 256), (256, 512)]


def cases(context):
    effort = context.effort
    if effort.quick:
        work = [(Shape("gru", 64, 64, 8, 16), context.threads[-1])]
    else:
        shapes = [Shape(cell, *size, 64, 256) for cell in ("lstm", "gru") for size in _SIZES]
        shapes += [Shape("rnn", 128, 256, 64, 256)]
        # Ids that seldom repeat: nothing to save on words that occur twice.
        shapes += [Shape(cell, 128, 256, 64, 256, "uniform") for cell in ("lstm", "gru")]
        work = [(shape, context.threads[-1]) for shape in shapes]
        work += [
            (Shape(cell, 128, 256, 64, 256), threads)
            for threads in context.threads[:-1] for cell in ("lstm", "gru", "rnn")
        ]
    for shape, threads in work:
        ours = [
            BENCH, "infer", *shape.arguments(), "--batch", shape.batch, "--threads", threads,
            "--seconds", effort.seconds,
        ]
        contestants = [Contestant("recurrent", "", reported(ours))]
        contestants += [
            Contestant("recurrent", precision, reported([*ours, "--precision", precision]))
            for precision in ("bf16", "int8")
        ]
        contestants += context.peers.inference(shape, threads, effort.seconds)
        yield Case("infer", shape.labels(), threads, contestants, effort.rounds, shape.amounts(passes=1))
