"""MGA-CLAP's matcher and what search computes of it, against what the parts give by themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor
from torch.nn.functional import normalize

from tokenalign.errors import TokenAlignError
from tokenalign.nn.alignment import PADDING
from tokenalign.nn.export import export_align, export_windows
from tokenalign.nn.matching.inputs import Captions, Clips
from tokenalign.nn.mga.config import CodebookConfig
from tokenalign.nn.mga.matcher import CodebookMatcher
from tokenalign.query.types import ANYTIME, NEGATED

WIDTH = 8
CONFIG = CodebookConfig(codewords=40)


@pytest.fixture
def matcher() -> CodebookMatcher:
    torch.manual_seed(2)
    return CodebookMatcher(CONFIG, width=WIDTH).eval()


def unit(*shape: int, seed: int) -> Tensor:
    return normalize(torch.randn(*shape, generator=torch.Generator().manual_seed(seed)), dim=-1)


TOKENS, FRAMES = unit(3, 4, WIDTH, seed=1), unit(2, 6, WIDTH, seed=2)
TOKEN_MASK = torch.arange(4) < torch.tensor([4, 2, 1]).unsqueeze(1)
MASK = torch.arange(6) < torch.tensor([6, 3]).unsqueeze(1)
CAPTIONS = Captions(TOKENS, TOKEN_MASK, TOKENS[:, :0], torch.zeros(3, 0, dtype=torch.int64))
CLIPS = Clips(FRAMES, MASK, torch.zeros(2, WIDTH))


@torch.no_grad()
def test_a_pair_scores_the_cosine_of_what_its_words_and_its_frames_choose(
    matcher: CodebookMatcher,
) -> None:
    said, heard = matcher.codebook(TOKENS, TOKEN_MASK), matcher.codebook(FRAMES, MASK)

    torch.testing.assert_close(matcher(CAPTIONS, CLIPS), said @ heard.T)
    torch.testing.assert_close(
        matcher.frame_scores(CAPTIONS, CLIPS), torch.einsum("bd,cmd->bcm", said, FRAMES)
    )


@torch.no_grad()
def test_the_log_tells_how_many_codewords_take_part(matcher: CodebookMatcher) -> None:
    told = matcher.figures(CAPTIONS, CLIPS)

    active = [
        (matcher.codebook.weights(FRAMES[c : c + 1], MASK[c : c + 1]) > 0).sum() for c in (0, 1)
    ]
    assert told["codewords a clip"].item() == sum(active) / 2
    assert 1 <= told["codewords a caption"] <= CONFIG.codewords
    assert told["codebook scale"].item() == pytest.approx(0.1)


@torch.no_grad()
def test_search_sums_wanted_phrases_and_takes_away_what_must_not_sound(
    matcher: CodebookMatcher,
) -> None:
    phrases = unit(1, 4, WIDTH, seed=3)
    rank = torch.tensor([[0, ANYTIME, NEGATED, PADDING]])
    windows = matcher.codebook(FRAMES, MASK)

    score, presence, frames = matcher.alignment(phrases, rank, FRAMES, MASK, windows)

    cosines = phrases[0] @ windows.T  # [4, 2]
    calibrated = matcher.alignment.presence_calibration
    torch.testing.assert_close(presence[0], calibrated(cosines).T)
    wanted = normalize(phrases[0, :2].sum(dim=0), dim=0)
    spoilt = matcher.alignment.without_weight * calibrated(cosines[2])
    torch.testing.assert_close(score[0], windows @ wanted - spoilt)
    own = matcher.alignment.frame_calibration(FRAMES[1, 2] @ phrases[0, 0])
    torch.testing.assert_close(frames[0, 1, 0, 2], own)
    assert frames[0, 1, :, 3:].max() < 1e-6  # behind the end of the clip


@torch.no_grad()
def test_graphs_give_what_the_modules_do(matcher: CodebookMatcher, tmp_path: Path) -> None:
    export_align(matcher.alignment, tmp_path / "align.onnx", width=WIDTH)
    assert matcher.window_encoder is not None
    export_windows(matcher.window_encoder, tmp_path / "windows.onnx", width=WIDTH)
    align, encode = (
        onnxruntime.InferenceSession(str(tmp_path / f"{name}.onnx"))
        for name in ("align", "windows")
    )
    silent = torch.cat([FRAMES, torch.zeros(1, 6, WIDTH)])
    mask = torch.cat([MASK, torch.ones(1, 6, dtype=torch.bool)])
    phrases, rank = unit(3, WIDTH, seed=5), torch.tensor([0, 1, NEGATED])

    (windows,) = encode.run(None, {"frames": silent.numpy(), "mask": mask.numpy()})
    given = {"phrases": phrases, "rank": rank, "frames": silent, "mask": mask}
    found = align.run(
        None, {name: value.numpy() for name, value in given.items()} | {"windows": windows}
    )

    np.testing.assert_allclose(windows, matcher.codebook(silent, mask), atol=1e-4)
    expected = matcher.alignment(phrases[None], rank[None], silent, mask, torch.from_numpy(windows))
    for own, torchs in zip(found, expected, strict=True):
        np.testing.assert_allclose(own, torchs[0], atol=1e-4)
    assert np.isfinite(found[0]).all()


def test_a_codebook_without_codewords_is_refused() -> None:
    for config in ({"codewords": 0}, {"scale": 0.0}):
        with pytest.raises(TokenAlignError, match="a codebook of"):
            CodebookConfig(**config)
