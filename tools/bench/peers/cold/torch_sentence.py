"""A process that loads a model, reads a sentence from standard input and prints its scores: PyTorch."""

import sys

import torch

network = torch.nn.ModuleDict({
    "embedding": torch.nn.Embedding(10_000, 128), "recurrent": torch.nn.LSTM(128, 256, batch_first=True),
    "readout": torch.nn.Linear(256, 2),
})
network.load_state_dict(torch.load(sys.argv[1], weights_only=True))
# Stands for a vocabulary, whose reading takes less than a hundredth of this process's time.
ids = torch.tensor([[sum(word.encode()) % 10_000 for word in sys.stdin.read().split()]])
with torch.inference_mode():
    _, (state, _) = network["recurrent"](network["embedding"](ids))
    print(network["readout"](state[0]).softmax(1).tolist())
