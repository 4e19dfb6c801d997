"""A transformer as a graph against the encoder that is trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from tokenalign.nn.encoders.transformer_graphs import TransformerGraph
from tokenalign.nn.encoders.transformer_text import TransformerText, load_transformer_text
from tokenalign.nn.export import export_text
from tokenalign.nn.levels.config import LevelsConfig
from tokenalign.nn.levels.levels import Levels
from tokenalign.nn.masking import masked_softmax
from tokenalign.nn.matching.matcher import Matcher
from tokenalign.nn.mga.config import CodebookConfig
from tokenalign.nn.mga.matcher import CodebookMatcher

TEXTS = ["a dog barks", "rain", ""]


@pytest.fixture(params=["roberta_folder", "bert_folder"])
def encoder(request: pytest.FixtureRequest) -> TransformerText:
    folder: Path = request.getfixturevalue(request.param)
    return load_transformer_text(folder).eval()


def graph_of(encoder: TransformerText, matcher: Matcher | None = None) -> TransformerGraph:
    torch.manual_seed(1)
    matcher = matcher or Levels(LevelsConfig(), width=8)
    return TransformerGraph(encoder, nn.Linear(16, 8), nn.Linear(16, 1, bias=False), matcher).eval()


def tokens_of(encoder: TransformerText) -> tuple[Tensor, Tensor]:
    tokens = encoder.tokenizer(TEXTS, padding=True, return_tensors="pt")
    return tokens["input_ids"], tokens["attention_mask"].bool()


@torch.no_grad()
def test_phrases_are_their_own_tokens_by_their_weights(encoder: TransformerText) -> None:
    """Also in rows that are padded, and for a text without tokens."""
    graph = graph_of(encoder)
    states, own, _ = encoder(TEXTS)
    expected_tokens = nn.functional.normalize(graph.project(states), dim=-1)
    expected_weights = masked_softmax(graph.weigh(states).squeeze(-1), own)
    total = (expected_weights.unsqueeze(-1) * expected_tokens).sum(dim=1)
    ids, mask = tokens_of(encoder)
    phrases, tokens, weights = graph(ids, mask)
    torch.testing.assert_close(phrases, nn.functional.normalize(total, dim=-1))
    torch.testing.assert_close(tokens[mask], expected_tokens[mask])
    torch.testing.assert_close(weights, expected_weights)


@torch.no_grad()
def test_phrases_of_a_codebook_are_made_of_its_codewords(encoder: TransformerText) -> None:
    matcher = CodebookMatcher(CodebookConfig(codewords=20), width=8)
    graph = graph_of(encoder, matcher)
    states, own, _ = encoder(TEXTS)

    phrases, _, _ = graph(*tokens_of(encoder))

    tokens = nn.functional.normalize(graph.project(states), dim=-1)
    torch.testing.assert_close(phrases, matcher.codebook(tokens, own))


@torch.no_grad()
@pytest.mark.parametrize(
    "matcher",
    [Levels(LevelsConfig(), width=8), CodebookMatcher(CodebookConfig(codewords=20), width=8)],
    ids=lambda matcher: matcher.system,
)
def test_the_exported_graph_is_the_module(
    matcher: Matcher, roberta_folder: Path, tmp_path: Path
) -> None:
    encoder = load_transformer_text(roberta_folder).eval()
    graph = graph_of(encoder, matcher)
    ids, mask = tokens_of(encoder)
    export_text(graph, tmp_path / "text.onnx", max_tokens=64)
    session = onnxruntime.InferenceSession(tmp_path / "text.onnx")
    found = session.run(None, {"token_ids": ids.numpy(), "token_mask": mask.numpy()})
    for output, expected in zip(found, graph(ids, mask), strict=True):
        np.testing.assert_allclose(output, expected.numpy(), atol=1e-5)
        assert np.isfinite(output).all()
