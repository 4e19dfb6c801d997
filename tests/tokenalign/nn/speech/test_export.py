from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import torch

from tokenalign.nn.speech.compact import TELEPHONE
from tokenalign.nn.speech.export import AttentionGraph, export_attention
from tokenalign.nn.speech.system import TextAlignedSpeech


def test_the_graph_says_what_the_module_says(model: TextAlignedSpeech, tmp_path: Path) -> None:
    export_attention(model, tmp_path / "attention.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "attention.onnx")
    for frames, rows in ((4, 2), (58, 3), (100, 17)):
        mel = torch.randn(1, frames, TELEPHONE.mel_bands)
        ids = torch.randint(11, (1, rows))
        (found,) = session.run(None, {"mel": mel.numpy(), "token_ids": ids.numpy()})
        with torch.inference_mode():
            expected = AttentionGraph(model)(mel, ids).numpy()
        assert found.shape == (2, rows, frames // 2)
        np.testing.assert_allclose(found, expected, atol=1e-5)
        np.testing.assert_allclose(found.sum(axis=-1), 1.0, atol=1e-5)
