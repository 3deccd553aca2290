"""A package from its file to a classifier that can answer, in a running process."""

from runner.case import Case, Contestant, reported
from runner.programs import BENCH, MODEL


def cases(context):
    command = [BENCH, "load", "--model", MODEL, "--seconds", context.effort.seconds]
    yield Case(
        "load", {"model": MODEL.name}, 1, [Contestant("recurrent", "", reported(command))], context.effort.rounds)
