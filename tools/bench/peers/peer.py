"""What the peers' scripts share: their arguments, token ids, timing, and the line they print."""

import argparse
import json
import statistics
import time

import numpy


def arguments(description, *modes):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("mode", choices=modes)
    parser.add_argument("--cell", choices=["lstm", "gru", "rnn"], default="lstm")
    parser.add_argument("--input", type=int, default=128, help="width of the embedding")
    parser.add_argument("--hidden", type=int, default=256, help="width of the state")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--steps", type=int, default=256, help="tokens of a text")
    parser.add_argument("--tokens", choices=["zipf", "uniform"], default="zipf", help="how ids are drawn")
    parser.add_argument("--vocabulary", type=int, default=30_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--seconds", type=float, default=0.5, help="how long to measure")
    return parser.parse_args()


def token_ids(options):
    """`[batch, steps]`; zipf: word k with a share of 1/k, as in texts."""
    share = 1 / numpy.arange(1, options.vocabulary + 1) if options.tokens == "zipf" else numpy.ones(options.vocabulary)
    return numpy.random.default_rng(2).choice(
        options.vocabulary, (options.batch, options.steps), p=share / share.sum()).astype("int64")


def report(version, seconds, work):
    """Prints the median time of `work`, in microseconds, as a line of JSON."""
    # The first warms up.
    for _ in range(2):
        start = time.perf_counter()
        work()
        once = time.perf_counter() - start
    # Short work is repeated within a sample, so that reading the clock does not count.
    repeats = max(1, int(0.001 / max(once, 1e-7)))
    samples = []
    end = time.perf_counter() + seconds
    while len(samples) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(repeats):
            work()
        samples.append((time.perf_counter() - start) / repeats * 1e6)
    print(json.dumps({
        "version": version, "us": statistics.median(samples), "min_us": min(samples), "max_us": max(samples),
        "samples": len(samples)}))
