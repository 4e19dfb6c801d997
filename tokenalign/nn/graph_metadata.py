"""What an exporter notes in a graph about where it was made, and how to leave it out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import onnx


def clear_metadata(model: onnx.ModelProto) -> None:
    """Forget the notes of torch's exporter in place: calls with paths of the machine, names, hints.

    They change no result, and are most of a small graph's bytes.
    """
    for part in (model, *_parts(model.graph)):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")


def _parts(graph: onnx.GraphProto) -> Iterator[Any]:
    """A graph and all in it that can bear notes, graphs within its nodes too."""
    yield graph
    yield from (*graph.value_info, *graph.input, *graph.output, *graph.initializer, *graph.node)
    for node in graph.node:
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                if inner.node:
                    yield from _parts(inner)
