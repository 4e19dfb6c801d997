"""The token encoder of a bundle, read back from its text graph: to train further on its words.

A token encoder that is distilled anew has other states, which the head of a trained bundle does not
know. The graph holds the weights in half precision: they come back as search has them. Names in a
graph are its exporter's, and equal weights share one; what a weight is, is told by the order in
which they are used.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, numpy_helper
from tokenizers import Tokenizer

from tokenalign.bundle import Bundle
from tokenalign.bundle_files import open_tokenizer
from tokenalign.errors import TokenAlignError
from tokenalign.nn.text import TokenEncoder

EMBEDDINGS = ("word_embeddings", "token_type_embeddings", "position_embeddings")
LINEAR = (
    *(f"attention.self.{name}" for name in ("query", "key", "value")),
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
NORMS = ("attention.output.LayerNorm", "output.LayerNorm")
"""Of a layer, as BERT calls them."""

Array = NDArray[np.generic]


def bundled_token_encoder(bundle: Bundle) -> tuple[TokenEncoder, Tokenizer]:
    """A bundle's token encoder and its tokenizer.

    Raises:
        TokenAlignError: its text graph is not one of a run on scenes.
    """
    path = bundle.path / "text.onnx"
    used = _Used(onnx.load(str(path)).graph)
    try:
        weights = dict(used.named())
        vocabulary, width = weights["embeddings.word_embeddings.weight"].shape
        config = TokenEncoder.small_config(
            vocabulary=vocabulary,
            width=width,
            layers=used.layers,
            heads=round(width * used.attention_scale() ** 2),
            max_tokens=len(weights["embeddings.position_embeddings.weight"]),
        )
        encoder = TokenEncoder(config)
        encoder.bert.load_state_dict(
            {name: torch.from_numpy(np.array(w, np.float32)) for name, w in weights.items()}
        )
    except (KeyError, RuntimeError, StopIteration, ValueError) as wrong:
        raise TokenAlignError(
            f"{path}: holds no token encoder that can be read back",
            "give a bundle of a run on scenes, such as the starter",
        ) from wrong
    return encoder.eval(), open_tokenizer(bundle.path / "tokenizer.json")


class _Used:
    """The weights of a text graph in the order in which they are used."""

    def __init__(self, graph: GraphProto) -> None:
        self._nodes = graph.node
        self._arrays = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
        self._made_by = {node.output[0]: node for node in graph.node}
        norms = sum(node.op_type == "LayerNormalization" for node in graph.node)
        self.layers = (norms - 2) // 2  # one follows the embeddings, one begins the head

    def named(self) -> Iterator[tuple[str, Array]]:
        """Names and weights of the BERT."""
        for name, node in zip(EMBEDDINGS, self._of("Gather"), strict=False):
            yield f"embeddings.{name}.weight", self._array(node.input[0])
        places = [f"encoder.layer.{n}" for n in range(self.layers)]
        norms = ["embeddings.LayerNorm", *(f"{one}.{name}" for one in places for name in NORMS)]
        for name, node in zip(norms, self._of("LayerNormalization"), strict=False):
            yield f"{name}.weight", self._array(node.input[1])
            yield f"{name}.bias", self._array(node.input[2])
        linear = [f"{one}.{name}" for one in places for name in LINEAR]
        for name, node in zip(linear, self._of("MatMul"), strict=False):
            added = next(one for one in self._nodes if node.output[0] in one.input)
            yield f"{name}.weight", self._array(node.input[1]).T
            yield f"{name}.bias", self._array(added.input[1])

    def attention_scale(self) -> float:
        """What products of queries and keys are multiplied with: a head's width to the -1/2."""
        weighed = next(node for node in self._nodes if node.op_type == "Softmax")
        masked = self._made_by[weighed.input[0]]
        makers = [self._made_by[name] for name in masked.input]
        scaled = next(node for node in makers if node.op_type == "Mul")
        return float(next(self._array(name) for name in scaled.input if self._is_held(name)))

    def _of(self, kind: str) -> Iterator[NodeProto]:
        """Nodes of a kind that use a weight."""
        return (
            node for node in self._nodes
            if node.op_type == kind and any(self._is_held(name) for name in node.input)
        )  # fmt: skip

    def _is_held(self, name: str) -> bool:
        """Whether it is a number of the graph's, as it is or behind a cast (`trainer.half`)."""
        return name in self._arrays or self._cast_from(name) in self._arrays

    def _array(self, name: str) -> Array:
        return self._arrays[name if name in self._arrays else self._cast_from(name)]

    def _cast_from(self, name: str) -> str:
        maker = self._made_by.get(name)
        return maker.input[0] if maker is not None and maker.op_type == "Cast" else ""
