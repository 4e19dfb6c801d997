"""The graph of the matching head says what the torch module says, for every cascade.

`tests.trainer.test_coattention` holds a small one against its graph in no time.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import onnxruntime
import pytest
import torch

from tests.tokenalign.nn.coattention.toys import SMALL, WIDTH, clips_of, unit
from tokenalign.nn.coattention.config import CascadeKind
from tokenalign.nn.coattention.pair_match import PairMatch
from tokenalign.nn.export import export_rerank

CLOSE = 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["iterated", "stacked", "encoder-decoder"])
@torch.no_grad()
def test_rerank_graph(kind: CascadeKind, tmp_path: Path) -> None:
    torch.manual_seed(6)
    head = PairMatch(replace(SMALL, cascade=kind), width=WIDTH).eval()
    export_rerank(head, tmp_path / "rerank.onnx", width=WIDTH)
    session = onnxruntime.InferenceSession(
        str(tmp_path / "rerank.onnx"), providers=["CPUExecutionProvider"]
    )

    for tokens, lengths, size in ((1, [1], 1), (4, [6, 3], 6), (17, [64, 40, 1], 64)):
        said, clips = unit(tokens, seed=1), clips_of(lengths, size=size)
        here = torch.arange(tokens) < max(1, tokens - 1)
        inputs = {"tokens": said, "token_mask": here, "frames": clips.frames, "mask": clips.mask}
        (logits,) = session.run(None, {name: value.numpy() for name, value in inputs.items()})

        count = len(lengths)
        expected = head(
            said.expand(count, -1, -1), here.expand(count, -1), clips.frames, clips.mask
        )
        torch.testing.assert_close(torch.from_numpy(logits), expected, atol=CLOSE, rtol=0)
