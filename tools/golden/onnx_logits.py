"""Runs exported ONNX models for the tests: cases as JSON on standard input, their answers as JSON on standard output.

Needs onnxruntime and numpy (pip install -r tools/golden/requirements-onnx.txt). A case is {"model", "tokens" [batch, time],
"lengths" [batch]}, an answer {"logits" [batch, labels], "probabilities" [batch, labels]}.
"""

import json
import sys

import numpy
import onnxruntime


def answer(case):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(case["model"], options, providers=["CPUExecutionProvider"])
    logits, probabilities = session.run(
        ["logits", "probabilities"],
        {
            "tokens": numpy.array(case["tokens"], numpy.int64),
            "lengths": numpy.array(case["lengths"], numpy.int32),
        },
    )
    return {"logits": logits.tolist(), "probabilities": probabilities.tolist()}


json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
