"""OpenVINO: inference from token ids to a label, in fp32 or with bf16 products."""

import openvino

import onnx_model
import peer

options = peer.arguments(__doc__, "infer")
core = openvino.Core()
model = core.read_model(
    onnx_model.serialized(
        options.cell, options.vocabulary, options.input, options.hidden, options.batch, options.steps))
compiled = core.compile_model(model, "CPU", {
    # Said, because the default is bf16 where the CPU has it.
    "INFERENCE_PRECISION_HINT": options.precision, "INFERENCE_NUM_THREADS": options.threads,
    "PERFORMANCE_HINT": "LATENCY",
})
request = compiled.create_infer_request()
ids = peer.token_ids(options).T.copy()
peer.report(
    openvino.__version__.split("-")[0], options.seconds,
    lambda: request.infer({0: ids}, share_inputs=True, share_outputs=True)[0].argmax(1))
