"""Writes an ONNX model for the sentence scripts: embedding of 10,000 words by 128, LSTM 256, two labels; untrained."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import onnx_model

pathlib.Path(sys.argv[1]).write_bytes(onnx_model.serialized("lstm", 10_000, 128, 256, 1, "steps"))
