"""Writes a PyTorch model for torch_sentence.py: embedding of 10,000 words by 128, LSTM 256, two labels; untrained."""

import sys

import torch

torch.save(
    torch.nn.ModuleDict({
        "embedding": torch.nn.Embedding(10_000, 128), "recurrent": torch.nn.LSTM(128, 256, batch_first=True),
        "readout": torch.nn.Linear(256, 2),
    }).state_dict(), sys.argv[1])
