"""A state dict as a user's own module leaves it: state_dict_gru.safetensors, and its answers, state_dict_gru.jsonl.

Names, the order of the tokens and the types of the numbers are not those of packages. All numbers are multiples of 1/128
up to 1, the same in bfloat16, float16, float32 and float64.
"""

import json
import re

import torch
from golden_file import FOLDER, numbers
from safetensors.torch import save_file
from torch import nn

TOKENS = ["<unk>", "<pad>", "a", "warm", "film", "not", "bad", "dull", "."]
TEXTS = ["a warm film.", "not bad", "dull", "a dull, dull film... not warm", "bad film. not a warm film."]


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(len(TOKENS), 5, padding_idx=1)
        self.gru = nn.GRU(5, 6, num_layers=2, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(12, 3)

    def forward(self, tokens):
        _, last = self.gru(self.embed(tokens))
        return self.fc(torch.cat([last[-2], last[-1]], dim=-1))


def tokens_of(text):
    """Words and marks; a mark that is repeated is one token."""
    return [TOKENS.index(word) if word in TOKENS else 0 for word in re.findall(r"\w+|\.+|,", text)]


def main():
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(41)
    model = Model()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randint(-128, 129, tuple(parameter.shape), generator=generator) / 128)
        model.embed.weight[1] = 0
    types = {"embed": torch.bfloat16, "fc": torch.float64, "gru": torch.float32}
    state = {name: value.to(types[name.split(".")[0]]) for name, value in model.state_dict().items()}
    state["gru.weight_hh_l1"] = state["gru.weight_hh_l1"].to(torch.float16)
    save_file(state, FOLDER / "state_dict_gru.safetensors", metadata={"format": "pt"})
    with torch.no_grad(), open(FOLDER / "state_dict_gru.jsonl", "w") as file:
        for text in TEXTS:
            tokens = tokens_of(text)
            logits = numbers(model(torch.tensor([tokens]))[0])
            file.write(json.dumps({"text": text, "tokens": tokens, "logits": logits}) + "\n")


main()
