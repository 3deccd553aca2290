"""PyTorch: one epoch of an LSTM text classifier on texts of real length, extrapolated from some batches.

Embedding 128, LSTM 256, maximum over time without padding, dropout 0.3, batches of 64, at most 400 tokens, 30,000
words, Adam 1e-3: the model that `rnnpkg train` is timed with beside it.
"""

import argparse
import collections
import json
import random
import re
import time

import torch
from torch import nn

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("train", help="TSV with a header, label and text")
parser.add_argument("--sorted", action="store_true", help="batches of similar length")
parser.add_argument("--max-batches", type=int, default=60)
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
BATCH, TOKENS, WORDS, EMBEDDING, HIDDEN = 64, 400, 30_000, 128, 256
PADDING, UNKNOWN = 0, 1
torch.set_num_threads(options.threads)
torch.manual_seed(1)
random.seed(1)


def read(path):
    mark = re.compile(r"[a-z0-9']+|[.,!?]")
    with open(path, encoding="utf-8", newline="\n") as file:
        next(file)
        rows = [line.rstrip("\n").partition("\t") for line in file]
    texts = [mark.findall(re.sub(r"<br\s*/?>", " ", text.lower())) for _, _, text in rows]
    counts = collections.Counter(word for text in texts for word in text)
    vocabulary = {word: index + 2 for index, (word, _) in enumerate(counts.most_common(WORDS - 2))}
    labels = {label: index for index, label in enumerate(sorted({row[0] for row in rows}))}
    encoded = [
        ([vocabulary.get(word, UNKNOWN) for word in text[:TOKENS]] or [UNKNOWN], labels[row[0]])
        for text, row in zip(texts, rows)
    ]
    return encoded, len(labels)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(WORDS, EMBEDDING, padding_idx=PADDING)
        self.recurrent = nn.LSTM(EMBEDDING, HIDDEN, batch_first=True)
        self.dropout = nn.Dropout(0.3)
        self.readout = nn.Linear(HIDDEN, label_count)

    def forward(self, ids, lengths):
        states, _ = self.recurrent(self.dropout(self.embedding(ids)))
        padding = torch.arange(ids.shape[1])[None] >= lengths[:, None]
        return self.readout(self.dropout(states.masked_fill(padding[..., None], -1e9).amax(1)))


def batches(examples):
    order = list(range(len(examples)))
    random.shuffle(order)
    if options.sorted:
        # Sorted within fifty batches, so that batches still differ from epoch to epoch.
        part = BATCH * 50
        order = [
            index for start in range(0, len(order), part)
            for index in sorted(order[start:start + part], key=lambda index: len(examples[index][0]))
        ]
    result = [order[start:start + BATCH] for start in range(0, len(order), BATCH)]
    random.shuffle(result)
    return result[:options.max_batches]


examples, label_count = read(options.train)
network = Network()
optimiser = torch.optim.Adam(network.parameters(), 1e-3)
network.train()
real = padded = 0
chosen = batches(examples)
start = time.perf_counter()
for batch in chosen:
    lengths = torch.tensor([len(examples[index][0]) for index in batch])
    ids = nn.utils.rnn.pad_sequence([torch.tensor(examples[index][0]) for index in batch], batch_first=True)
    labels = torch.tensor([examples[index][1] for index in batch])
    loss = nn.functional.cross_entropy(network(ids, lengths), labels)
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    loss.item()
    real += int(lengths.sum())
    padded += ids.numel()
seconds = time.perf_counter() - start
tokens = sum(len(ids) for ids, _ in examples)
print(json.dumps({
    "version": torch.__version__, "us": seconds * tokens / real * 1e6, "batches": len(chosen), "tokens": tokens,
    "real_tokens_per_s": real / seconds, "real_share": real / padded}))
