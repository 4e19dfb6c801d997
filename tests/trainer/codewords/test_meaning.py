"""Codewords that mean something on purpose: three directions, clips and phrases along them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tokenalign.bundle import Bundle
from tokenalign.clip import Clip
from tokenalign.errors import TokenAlignError
from tokenalign.nn.mga.codebook import Codebook
from trainer.codewords.meaning import NamedClip, most_used, open_codebook
from trainer.codewords.picture import draw_codewords

DOG, RAIN, NEVER = np.eye(3, dtype=np.float32)


@pytest.fixture
def codebook() -> Codebook:
    """Dog, rain, and one that no frame is near; a scale at which one alone takes part."""
    made = Codebook(codewords=3, width=3, scale=20.0)
    with torch.no_grad():
        made.codewords.copy_(torch.from_numpy(np.stack([2 * DOG, RAIN, -NEVER])))
    return made


def clip(name: str, *frames: np.ndarray[tuple[int], np.dtype[np.float32]]) -> NamedClip:
    """Frames of half a second."""
    return NamedClip(
        name,
        name.split()[0],
        Clip(
            frames=np.stack(frames),
            mask=np.ones(len(frames), bool),
            frame_edges_s=np.arange(len(frames) + 1) / 2,
            windows=np.zeros((1, 3), np.float32),
            window_starts=np.zeros(1, np.int64),
            duration_s=len(frames) / 2,
        ),
    )


SILENT = 0 * DOG
CLIPS = [
    clip("rain 1", RAIN, RAIN, SILENT),
    clip("rain 2", RAIN, 0.5 * RAIN, RAIN),
    clip("dog 1", SILENT, 0.3 * DOG, SILENT),
]
PHRASES = ["a dog barks", "rain falls", "rain and a dog"]
VECTORS = torch.from_numpy(np.stack([DOG, RAIN, 0.6 * DOG + 0.8 * RAIN]))


def test_the_most_used_come_first_with_what_is_near_them(codebook: Codebook) -> None:
    rain, dog = most_used(codebook, CLIPS, PHRASES, VECTORS, most=5)

    assert (rain.number, rain.clips) == (1, 2)
    assert (dog.number, dog.clips) == (0, 1)
    assert (rain.share, dog.share) == pytest.approx((2 / 3, 1 / 3))
    assert [p.text for p in rain.phrases] == ["rain falls", "rain and a dog", "a dog barks"]
    assert [p.cosine for p in dog.phrases] == pytest.approx([1.0, 0.6, 0.0])
    assert {one.name for one in rain.examples[:2]} == {"rain 1", "rain 2"}
    best = dog.examples[0]
    assert (best.name, best.label, best.best_s) == ("dog 1", "dog", 0.75)
    assert best.cosines.tolist() == [-1.0, pytest.approx(1.0), -1.0]


def test_no_more_are_told_of_than_asked_for(codebook: Codebook) -> None:
    assert [one.number for one in most_used(codebook, CLIPS, PHRASES, VECTORS, most=1)] == [1]


def test_a_bundle_of_another_system_has_no_codebook(tiny_bundle: Bundle) -> None:
    with pytest.raises(TokenAlignError, match="a bundle of tokenalign has no codebook"):
        open_codebook(tiny_bundle)


def test_the_picture_is_drawn(codebook: Codebook, tmp_path: Path) -> None:
    out = tmp_path / "codewords.png"

    draw_codewords(most_used(codebook, CLIPS, PHRASES, VECTORS, most=2), out)

    assert out.read_bytes().startswith(b"\x89PNG")
