"""ONNX Runtime: inference from token ids to a label."""

import onnxruntime

import onnx_model
import peer

options = peer.arguments(__doc__, "infer")
settings = onnxruntime.SessionOptions()
settings.intra_op_num_threads = options.threads
settings.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(
    onnx_model.serialized(
        options.cell, options.vocabulary, options.input, options.hidden, options.batch, options.steps),
    settings, providers=["CPUExecutionProvider"])
ids = peer.token_ids(options).T.copy()
peer.report(onnxruntime.__version__, options.seconds, lambda: session.run(None, {"ids": ids})[0].argmax(1))
