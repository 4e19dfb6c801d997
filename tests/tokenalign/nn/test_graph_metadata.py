"""Graphs say nothing of the machine that they were made on."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from tokenalign.bundle import Bundle
from tokenalign.nn.graph_metadata import clear_metadata

TOP = Path(__file__).parents[3]
SHIPPED = sorted((TOP / "assets" / "bundles").glob("*/*.onnx"))


def test_notes_are_forgotten_in_graphs_within_nodes_too() -> None:
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    inner = helper.make_node("Identity", ["x"], ["y"])
    branch = helper.make_graph([inner], "branch", [], [value])
    outer = helper.make_node("If", ["c"], ["z"], then_branch=branch, else_branch=branch)
    model = helper.make_model(helper.make_graph([outer], "whole", [value], [value]))
    noted = (model, model.graph, model.graph.node[0], model.graph.input[0])
    within = model.graph.node[0].attribute[0].g.node[0]
    for part in (*noted, within):
        part.metadata_props.add(key="trace", value="/home/somebody/model.py")
        part.doc_string = "/home/somebody"

    clear_metadata(model)

    assert b"somebody" not in model.SerializeToString()
    assert [node.op_type for node in model.graph.node] == ["If"]


def test_exported_graphs_name_no_file(tiny_bundle: Bundle) -> None:
    for path in tiny_bundle.path.glob("*.onnx"):
        assert b".py" not in path.read_bytes()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_shipped_graphs_name_no_file(path: Path) -> None:
    notes = [prop for node in onnx.load(path).graph.node for prop in node.metadata_props]

    assert not notes
