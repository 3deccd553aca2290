"""Training steps of one recurrent layer: forward, back, Adam."""

from runner.case import Case, Contestant, reported
from runner.programs import BENCH
from runner.shapes import Shape

_SIZES = [(64, 64), (128, 128), (128, 256), (256, 512)]


def cases(context):
    effort = context.effort
    if effort.quick:
        work = [(Shape("lstm", 64, 64, 8, 16, "zipf"), context.threads[-1])]
    else:
        shapes = [Shape(cell, *size, 64, 256, "zipf") for cell in ("lstm", "gru") for size in _SIZES]
        shapes += [Shape("rnn", 128, 256, 64, 256, "zipf")]
        shapes += [Shape("lstm", *size, batch, 256, "zipf") for size in _SIZES[2:] for batch in (32, 128)]
        work = [(shape, context.threads[-1]) for shape in shapes]
        # Fewer threads at one size, for scaling.
        work += [
            (Shape(cell, 128, 256, 64, 256, "zipf"), threads)
            for threads in context.threads[:-1] for cell in ("lstm", "gru", "rnn")
        ]
    for shape, threads in work:
        ours = [
            BENCH, "train", *shape.arguments(), "--batch", shape.batch, "--threads", threads,
            "--seconds", effort.seconds,
        ]
        contestants = [
            Contestant("recurrent", "", reported(ours)),
            Contestant("recurrent", "bf16", reported([*ours, "--precision", "bf16"])),
        ]
        contestants += context.peers.training(shape, threads, effort.seconds)
        yield Case("train", shape.labels(), threads, contestants, effort.rounds, shape.amounts(passes=3))
