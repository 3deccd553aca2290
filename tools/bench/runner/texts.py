"""Texts to train on and to classify: those of a directory, or made up, as long as film reviews."""

import dataclasses
import gzip
import itertools
import math
import pathlib
import random


@dataclasses.dataclass
class Texts:
    """Files that all contestants read."""

    # TSV with a header, `label` and `text`.
    train: pathlib.Path
    # A few texts: what an epoch is followed by, short so that it does not count.
    valid: pathlib.Path
    # fastText's format, the texts of `train`.
    labelled: pathlib.Path
    # One text a line.
    lines: pathlib.Path
    train_count: int
    line_count: int
    word_count: int
    source: str


def prepare(directory: pathlib.Path, data: pathlib.Path | None, train_count: int, line_count: int) -> Texts:
    """Writes the files into `directory`. At most `train_count` and `line_count` texts, evenly out of all."""
    directory.mkdir(parents=True, exist_ok=True)
    train, test = (_read(data / f"{part}.tsv.gz") if data else _made_up(part) for part in ("train", "test"))
    texts = Texts(
        directory / "train.tsv", directory / "valid.tsv", directory / "train.fasttext", directory / "lines.txt", 0, 0, 0,
        data.name if data else "made-up")
    with _writer(texts.train) as table, _writer(texts.valid) as valid, _writer(texts.labelled) as labelled:
        table.write("label\ttext\n")
        valid.write("label\ttext\n")
        for label, text in _evenly(train, train_count):
            table.write(f"{label}\t{text}\n")
            labelled.write(f"__label__{label} {text}\n")
            if texts.train_count % (train_count // 50) == 0:
                valid.write(f"{label}\t{text}\n")
            texts.train_count += 1
    with _writer(texts.lines) as lines:
        for _, text in _evenly(test, line_count):
            lines.write(text + "\n")
            texts.line_count += 1
            texts.word_count += len(text.split())
    return texts


def _writer(path: pathlib.Path):
    return open(path, "w", encoding="utf-8")


def _evenly(rows, count: int) -> list:
    """`count` of all rows, or all where there are fewer: files are often grouped by label."""
    rows = list(rows)
    return [row for index, row in enumerate(rows) if index * count // len(rows) != (index - 1) * count // len(rows)]


def _read(path: pathlib.Path):
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            label, _, text = line.rstrip("\n").partition("\t")
            if (label, text) != ("label", "text"):
                yield label, text


def _made_up(seed: str):
    """Words drawn as 1/rank out of 60,000; log-normal lengths with IMDB's median (174 words) and mean (230)."""
    source = random.Random(seed)
    words = ["".join(letters) for letters in itertools.islice(itertools.product("etaoinshrdlu", repeat=5), 60_000)]
    random.Random(0).shuffle(words)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))
    # As many as IMDB has.
    for index in range(25_000):
        length = min(2_500, max(8, round(source.lognormvariate(math.log(174), 0.75))))
        yield str(index % 2), " ".join(source.choices(words, cum_weights=weights, k=length)) + "."
