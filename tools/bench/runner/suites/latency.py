"""One text of token ids to its label, in a running process."""

from runner.case import Case, Contestant, reported
from runner.programs import BENCH
from runner.shapes import Shape


def cases(context):
    effort = context.effort
    if effort.quick:
        work = [(Shape("lstm", 64, 64, 1, 16), context.threads[-1])]
    else:
        layers = [(cell, *size) for cell in ("lstm", "gru") for size in ((64, 64), (128, 256), (256, 512))]
        layers.append(("rnn", 128, 256))
        shapes = [Shape(*layer, 1, steps) for layer in layers for steps in (32, 256)]
        work = [(shape, threads) for shape in shapes for threads in context.threads]
    for shape, threads in work:
        ours = [BENCH, "latency", *shape.arguments(), "--threads", threads, "--seconds", effort.seconds]
        contestants = [
            Contestant("recurrent", "", reported(ours)),
            Contestant("recurrent", "int8", reported([*ours, "--precision", "int8"])),
        ]
        contestants += context.peers.inference(shape, threads, effort.seconds)
        yield Case("latency", shape.labels(), threads, contestants, effort.rounds, shape.amounts(passes=1))
