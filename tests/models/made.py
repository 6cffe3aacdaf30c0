"""Real ONNX files, made on the spot; small, and right or wrong on purpose."""

from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

OPSET = 17


def make(nodes: list[Any], inputs: list[Any], outputs: list[Any], weights: dict[str, Any], **more: Any) -> ModelProto:
    """A model of one graph."""
    known = [numpy_helper.from_array(np.asarray(value), name) for name, value in weights.items()]
    graph = helper.make_graph(nodes, "g", inputs, outputs, known)
    opsets = more.pop("opsets", [helper.make_opsetid("", OPSET)])
    return helper.make_model(graph, opset_imports=opsets, ir_version=9, **more)


def tensor(name: str, shape: list[Any], kind: int = TensorProto.FLOAT) -> Any:
    return helper.make_tensor_value_info(name, kind, shape)


def color_model(
    size: Any = 32, *, sharp: float = 8.0, batch: Any = "N", metadata: dict[str, str] | None = None
) -> bytes:
    """Tells how red, green and blue an image is on the whole: logits of three classes."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["images"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["logits"]),
    ]
    weights = {"w": (np.eye(3) * sharp).astype(np.float32)}
    model = make(nodes, [tensor("images", [batch, 3, size, size])], [tensor("logits", [batch, 3])], weights)
    if metadata:
        helper.set_model_props(model, metadata)
    checker.check_model(model)
    return bytes(model.SerializeToString())


def text_model() -> bytes:
    """Takes texts and gives even probabilities of two classes, whatever they say."""
    nodes = [
        helper.make_node("Shape", ["text"], ["shape"]),
        helper.make_node("Gather", ["shape", "zero"], ["n"]),
        helper.make_node("Concat", ["n", "two"], ["size"], axis=0),
        helper.make_node("Expand", ["half", "size"], ["probabilities"]),
    ]
    weights = {"zero": np.array([0]), "two": np.array([2]), "half": np.array(0.5, dtype=np.float32)}
    inputs, outputs = [tensor("text", ["N"], TensorProto.STRING)], [tensor("probabilities", ["N", 2])]
    return bytes(make(nodes, inputs, outputs, weights).SerializeToString())


def detector(boxes: Any, scores: Any, labels: Any, size: int = 64) -> bytes:
    """Sees the same in every image: corners in pixels of its input, scores, numbers of classes."""
    n = len(boxes)
    constants = {
        "b": np.asarray(boxes, dtype=np.float32).reshape(1, n, 4),
        "s": np.asarray(scores, dtype=np.float32).reshape(1, n),
        "l": np.asarray(labels, dtype=np.int64).reshape(1, n),
        "zero": np.array(0, dtype=np.float32),
    }
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["m"], keepdims=0),
        helper.make_node("Mul", ["m", "zero"], ["nothing"]),
        helper.make_node("Add", ["b", "nothing"], ["boxes"]),
        helper.make_node("Identity", ["s"], ["scores"]),
        helper.make_node("Identity", ["l"], ["labels"]),
    ]
    outputs = [
        tensor("boxes", [1, n, 4]),
        tensor("scores", [1, n]),
        tensor("labels", [1, n], TensorProto.INT64),
    ]
    return bytes(make(nodes, [tensor("images", [1, 3, size, size])], outputs, constants).SerializeToString())


def yolo(rows: Any, size: int = 64) -> bytes:
    """One output [N, 4 + classes, boxes]: centre, size and a score for each class."""
    values = np.asarray(rows, dtype=np.float32).T[None]
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["m"], keepdims=0),
        helper.make_node("Mul", ["m", "zero"], ["nothing"]),
        helper.make_node("Add", ["all", "nothing"], ["output0"]),
    ]
    constants = {"all": values, "zero": np.array(0, dtype=np.float32)}
    outputs = [tensor("output0", list(values.shape))]
    model = make(nodes, [tensor("images", [1, 3, size, size])], outputs, constants)
    helper.set_model_props(model, {"names": "{0: 'cup', 1: 'fork'}"})
    return bytes(model.SerializeToString())


def with_external_data() -> bytes:
    """A model whose weights lie in another file: one that it names, on this machine."""
    model = ModelProto()
    model.ParseFromString(color_model())
    weights = model.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    entry = weights.external_data.add()
    entry.key, entry.value = "location", "../../../../etc/passwd"
    return bytes(model.SerializeToString())


def with_custom_operator() -> bytes:
    """A model that needs somebody's own operator, hidden in the branch of another."""
    inner = helper.make_graph(
        [helper.make_node("Steal", ["images"], ["y"], domain="evil.example")], "b", [], [tensor("y", ["N", 3, 32, 32])]
    )
    nodes = [helper.make_node("If", ["yes"], ["logits"], then_branch=inner, else_branch=inner)]
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("evil.example", 1)]
    inputs, outputs = [tensor("images", ["N", 3, 32, 32])], [tensor("logits", ["N", 3])]
    return bytes(make(nodes, inputs, outputs, {"yes": np.array(True)}, opsets=opsets).SerializeToString())
