"""Results as tables, for a terminal and in Markdown.

A table for each test, a row for each case, a column for each contestant.
"""

import json

_NAMES = {
    "recurrent": "Recurrent", "torch": "PyTorch", "onnxruntime": "ONNX Runtime", "openvino": "OpenVINO",
    "keras": "Keras", "fasttext": "fastText",
}
_TITLES = {
    "train": "Training steps, tokens/s (Recurrent's with an embedding, the peers' from embedded input)",
    "infer": "Batched inference, token ids in, label out, tokens/s",
    "latency": "One text, token ids in, label out",
    "cold": "Cold process, one sentence (peers: untrained LSTM 128/256, 10,000 words; fastText: bigrams)",
    "load": "Loading a package",
    "bulk": "File of texts to file of answers, texts/s (fastText: bigrams, always on one thread)",
    "epoch": "One epoch of training on texts of real length (PyTorch's extrapolated from some batches)",
}
_RATES = {"train": "tokens_per_s", "infer": "tokens_per_s", "bulk": "texts_per_s"}
# Tests on whole programs, whose memory says something.
_WITH_MEMORY = {"cold", "bulk", "epoch"}
# Cores that others kept busy, from which on a figure is marked.
_DISTURBED = 0.1

NOTE = (
    "Medians (lowest–highest) of several processes, all contestants in turns; % of the machine's fp32 multiply-add\n"
    "peak measured beside them; × how many times faster Recurrent in fp32 is; * other processes kept more than a\n"
    "tenth of a core busy. Threads: in brackets, speed against one thread.")


def text(rows: list[dict]) -> str:
    blocks = []
    for title, header, body in _tables(rows):
        widths = [max(len(line[column]) for line in [header, *body]) for column in range(len(header))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in [header, *body]]
        blocks.append("\n".join([title, "", *lines]))
    return "\n\n".join([*blocks, NOTE])


def markdown(rows: list[dict]) -> str:
    blocks = []
    for title, header, body in _tables(rows):
        lines = [header, ["---"] * len(header), *body]
        blocks.append("\n".join([f"**{title}**", "", *("| " + " | ".join(line) + " |" for line in lines)]))
    return "\n\n".join([*blocks, NOTE])


def describe(row: dict) -> str:
    """What was done, in a few words."""
    shape = row["shape"]
    if "cell" not in shape:
        words = [shape.get("model"), shape.get("data"), f"{shape['texts']:,} texts" if "texts" in shape else None]
        return ", ".join(word for word in words if word)
    sizes = f"{shape['cell'].upper()} {shape['input']}/{shape['hidden']}, {shape['batch']} × {shape['steps']}"
    return f"{sizes}, {shape['tokens']}" if row["test"] != "train" else sizes


def threads(row: dict) -> str:
    return "1 thread" if row["threads"] == 1 else f"{row['threads']} threads"


def duration(us: float) -> str:
    return _quantity([us], _TIMES)


def _tables(rows):
    for test, title in _TITLES.items():
        cases: dict[tuple, dict[tuple, dict]] = {}
        for row in rows:
            if row["test"] == test:
                case = (json.dumps(row["shape"]), row["threads"])
                cases.setdefault(case, {})[row["lib"], row["variant"]] = row
        if not cases:
            continue
        columns = list(dict.fromkeys(name for case in cases.values() for name in case))
        header = ["work", "threads", *(f"{_NAMES[library]} {variant}".strip() for library, variant in columns)]
        body = []
        for (shape, threads), case in cases.items():
            ours = case["recurrent", ""]
            alone = cases.get((shape, 1), {}).get(("recurrent", ""))
            scaling = f" ({alone['us'] / ours['us']:.2f}×)" if alone and threads > 1 else ""
            cells = [_cell(case[name], ours) if name in case else "–" for name in columns]
            body.append([describe(ours), f"{threads}{scaling}", *cells])
        yield title, header, body


def _cell(row, ours):
    times = [row["us"], row["low_us"], row["high_us"]]
    rate = _RATES.get(row["test"])
    if rate:
        amount = row[rate] * row["us"]
        parts = [_quantity([amount / time for time in (times[0], times[2], times[1])], _COUNTS)]
    else:
        parts = [_quantity(times, _TIMES)]
    if "of_peak" in row and row["test"] != "latency":
        parts.append(f"{row['of_peak']:.0%}")
    if row["test"] in _WITH_MEMORY:
        parts.append(f"{'≤ ' if row['peak_is_bound'] else ''}{row['peak_mb']:.0f} MB")
    if row["lib"] != "recurrent":
        parts.append(f"{row['us'] / ours['us']:.2f}×")
    return ", ".join(parts) + ("*" if row.get("foreign_cores", 0) > _DISTURBED else "")


_COUNTS = ((1e6, "M"), (1e3, "k"), (1, ""))
_TIMES = ((1e6, " s"), (1e3, " ms"), (1, " µs"))


def _quantity(values, units) -> str:
    """The first value in three digits and a unit that suits it; the others, lowest and highest, in the same unit."""
    divisor, unit = next((each for each in units if values[0] >= each[0]), units[-1])
    scaled = [value / divisor for value in values]
    first, *others = (f"{value:.3g}" if value < 999.5 else f"{value:.0f}" for value in scaled)
    return first + unit + (f" ({'–'.join(others)})" if others else "")
