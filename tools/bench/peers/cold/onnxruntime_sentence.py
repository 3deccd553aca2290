"""A process that loads a model, reads a sentence from standard input and prints its scores: ONNX Runtime."""

import sys

import numpy
import onnxruntime

session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
ids = numpy.array([[sum(word.encode()) % 10_000] for word in sys.stdin.read().split()])
print(session.run(None, {"ids": ids})[0].tolist())
