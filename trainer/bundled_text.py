"""The token encoder of a bundle, read back from its text graph: to train further on its words.

A token encoder that is distilled anew has other states, which the head of a trained bundle does not
know. The graph holds the weights in half precision: they come back as search has them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, numpy_helper
from tokenizers import Tokenizer
from torch import Tensor

from tokenalign.bundle import Bundle
from tokenalign.bundle_files import open_tokenizer
from tokenalign.errors import TokenAlignError
from tokenalign.nn.text import TokenEncoder

ENCODER = "token_encoder."
LAYER = "bert.encoder.layer."
HALF = ".half"
"""What `trainer.half` adds to the names of what it stores."""

Arrays = Mapping[str, NDArray[np.generic]]


def bundled_token_encoder(bundle: Bundle) -> tuple[TokenEncoder, Tokenizer]:
    """A bundle's token encoder and its tokenizer.

    Raises:
        TokenAlignError: its text graph is not one of a run on scenes.
    """
    path = bundle.path / "text.onnx"
    graph = onnx.load(str(path)).graph
    arrays = {
        tensor.name.removesuffix(HALF): numpy_helper.to_array(tensor)
        for tensor in graph.initializer
    }
    weights = _weights(graph, arrays)
    try:
        vocabulary, width = weights["bert.embeddings.word_embeddings.weight"].shape
        layers = {name.split(".")[3] for name in weights if name.startswith(LAYER)}
        encoder = TokenEncoder(
            TokenEncoder.small_config(
                vocabulary=vocabulary,
                width=width,
                layers=len(layers),
                heads=round(width * _attention_scale(graph, arrays) ** 2),
                max_tokens=len(weights["bert.embeddings.position_embeddings.weight"]),
            )
        )
        encoder.load_state_dict(weights)
    except (KeyError, RuntimeError, StopIteration) as wrong:
        raise TokenAlignError(
            f"{path}: holds no token encoder that can be read back ({wrong})",
            "give a bundle of a run on scenes, such as the starter",
        ) from wrong
    return encoder.eval(), open_tokenizer(bundle.path / "tokenizer.json")


def _weights(graph: GraphProto, arrays: Arrays) -> dict[str, Tensor]:
    """What the encoder holds, by its names in a `TokenEncoder`.

    A matrix of a linear layer lies in the graph transposed and under a name of the exporter's; it
    is known by the bias that is added behind it.
    """
    named = {name: array for name, array in arrays.items() if name.startswith(ENCODER)}
    behind = {node.input[0]: node for node in graph.node if node.op_type == "Add"}
    for node in graph.node:
        added = behind.get(node.output[0])
        if node.op_type == "MatMul" and added is not None and added.input[1] in named:
            name = added.input[1].removesuffix("bias") + "weight"
            named[name] = arrays[node.input[1]].T
    return {
        name.removeprefix(ENCODER): torch.from_numpy(np.array(array, np.float32))
        for name, array in named.items()
        if array.dtype in (np.float16, np.float32)
    }


def _attention_scale(graph: GraphProto, arrays: Arrays) -> float:
    """What products of queries and keys are multiplied with: heads' width to the power of -1/2."""
    made_by = {node.output[0]: node for node in graph.node}
    weighed = next(node for node in graph.node if node.op_type == "Softmax")
    masked = made_by[weighed.input[0]]
    scaled: NodeProto = next(
        made_by[name] for name in masked.input if made_by[name].op_type == "Mul"
    )
    return float(next(arrays[name] for name in scaled.input if name in arrays))
