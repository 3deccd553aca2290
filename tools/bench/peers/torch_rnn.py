"""PyTorch: one recurrent layer, training steps on embedded random input or inference from token ids to a label."""

import torch
from torch import nn

import peer

options = peer.arguments(__doc__, "train", "infer")
torch.set_num_threads(options.threads)
torch.manual_seed(1)
recurrent = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[options.cell]


class Network(nn.Module):
    def __init__(self, embedding):
        super().__init__()
        self.embedding = embedding
        self.recurrent = recurrent(options.input, options.hidden, batch_first=True)
        self.readout = nn.Linear(options.hidden, 2)

    def forward(self, x):
        _, state = self.recurrent(self.embedding(x))
        return self.readout((state[0] if isinstance(state, tuple) else state)[0])


if options.mode == "train":
    # Without an embedding: its dense gradient would cost torch more than the layer.
    network = Network(nn.Identity())
    x = torch.randn(options.batch, options.steps, options.input)
    labels = torch.randint(2, (options.batch,))
    optimiser = torch.optim.Adam(network.parameters())

    def work():
        optimiser.zero_grad()
        nn.functional.cross_entropy(network(x), labels).backward()
        optimiser.step()
else:
    network = Network(nn.Embedding(options.vocabulary, options.input)).eval()
    ids = torch.from_numpy(peer.token_ids(options))

    def work():
        with torch.inference_mode():
            network(ids).argmax(1)

peer.report(torch.__version__, options.seconds, work)
