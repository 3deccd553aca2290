"""The model that ONNX Runtime and OpenVINO run: token ids `[steps, batch]`, a recurrent layer, logits `[batch, 2]`."""

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper


def serialized(cell, vocabulary, input, hidden, batch, steps):
    """`batch` and `steps` are numbers, or names of sizes that are known later."""
    random = numpy.random.default_rng(1)
    rows = {"lstm": 4, "gru": 3, "rnn": 1}[cell] * hidden

    def weights(*shape):
        return random.uniform(-1, 1, shape).astype("float32") / hidden**0.5

    # Reset after the product, as in PyTorch and Keras.
    placement = {"linear_before_reset": 1} if cell == "gru" else {}
    nodes = [
        helper.make_node("Gather", ["embedding", "ids"], ["x"]),
        helper.make_node(cell.upper(), ["x", "w", "r", "b"], ["", "state"], hidden_size=hidden, **placement),
        helper.make_node("Squeeze", ["state", "direction"], ["last"]),
        helper.make_node("Gemm", ["last", "readout", "bias"], ["logits"]),
    ]
    constants = {
        "embedding": weights(vocabulary, input), "w": weights(1, rows, input), "r": weights(1, rows, hidden),
        "b": weights(1, 2 * rows), "direction": numpy.array([0]), "readout": weights(hidden, 2), "bias": weights(2),
    }
    graph = helper.make_graph(
        nodes, "classifier",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, [steps, batch])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [batch, 2])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()
