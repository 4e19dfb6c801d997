"""Store the large matrices of an ONNX graph in half precision; it still computes in single."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LARGE = 4096
"""Smallest count of numbers that is worth a cast."""


def store_in_half(path: Path) -> None:
    """Rewrite a graph: each large float32 initialiser becomes float16 with a cast behind it.

    ONNX Runtime folds the casts when it loads the graph, so that only the file is smaller.
    """
    model = onnx.load(str(path))
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < LARGE:
            continue
        name = tensor.name
        half = numpy_helper.from_array(
            numpy_helper.to_array(tensor).astype(np.float16), f"{name}.half"
        )
        tensor.CopyFrom(half)
        casts.append(helper.make_node("Cast", [half.name], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        graph.node.insert(0, cast)
    del graph.value_info[:]
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
