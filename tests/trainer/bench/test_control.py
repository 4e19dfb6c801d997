"""The control, on vectors made by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
import torch
from torch import Tensor

from tokenalign.nn.matching.inputs import Clips
from trainer.bench import control
from trainer.bench.contenders import Trained
from trainer.bench.control import ParsedGlobal, sliding_windows

DOG, RAIN, NOTHING = torch.eye(3)
FRAMES = 32


def frames_of(*parts: tuple[Tensor, int]) -> Tensor:
    return torch.cat([vector.expand(count, 3) for vector, count in parts])


DOG_THEN_RAIN = frames_of((DOG, 16), (RAIN, 16))
RAIN_THEN_DOG = frames_of((RAIN, 16), (DOG, 16))


@pytest.fixture
def parsed_global(monkeypatch: pytest.MonkeyPatch) -> ParsedGlobal:
    """Over a model that knows two phrases, and hears log-mel that is vectors already."""
    known = {"a dog barks": DOG, "rain falls": RAIN}

    def vectors(_: Trained, phrases: list[str]) -> Tensor:
        return torch.stack([known[phrase] for phrase in phrases])

    def hear(mel: Tensor, mask: Tensor) -> Clips:
        return Clips(mel, mask, torch.nn.functional.normalize(mel.sum(dim=1), dim=-1))

    monkeypatch.setattr(control, "phrase_vectors", vectors)
    return ParsedGlobal(cast(Trained, SimpleNamespace(hear=hear)))


def test_windows_by_hand() -> None:
    gist = torch.tensor([[[2.0, 0.0], [0.0, 0.0], [0.0, 4.0], [9.0, 9.0]]])
    mask = torch.tensor([[True, True, True, False]])

    windows = sliding_windows(gist, mask, reach=1)

    half = 0.2**0.5
    expected = [[1.0, 0.0], [half, 2 * half], [0.0, 1.0], [0.0, 1.0]]
    assert windows[0].tolist() == [pytest.approx(row) for row in expected]


def test_a_window_is_the_clip_vector_where_it_reaches_over_all() -> None:
    gist = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(1))
    mask = torch.ones(2, 5, dtype=torch.bool)

    windows = sliding_windows(gist, mask, reach=5)

    whole = torch.nn.functional.normalize(gist.sum(dim=1), dim=-1)
    assert torch.allclose(windows, whole.unsqueeze(1).expand_as(windows), atol=1e-5)


def test_the_parser_and_the_ordered_score_tell_orders_apart(parsed_global: ParsedGlobal) -> None:
    mel = torch.stack([DOG_THEN_RAIN, RAIN_THEN_DOG])
    clips = parsed_global.hear(mel, torch.ones(2, FRAMES, dtype=torch.bool))
    captions = parsed_global.read(
        ["a dog barks, then rain falls", "a dog barks after rain falls", "rain falls"]
    )

    forward, reverse, single = parsed_global.score(captions, clips)

    assert forward[0] > forward[1] + 0.2
    assert reverse[1] > reverse[0] + 0.2
    assert single[0].item() == pytest.approx(single[1].item(), abs=1e-4)
    assert captions.tokens.shape == (3, 0, 3)


def test_the_curve_is_the_cosine_with_each_window(parsed_global: ParsedGlobal) -> None:
    mask = torch.ones(1, FRAMES, dtype=torch.bool)
    clips = parsed_global.hear(DOG_THEN_RAIN.unsqueeze(0), mask)

    curve = parsed_global.curve(parsed_global.read(["rain falls"]), clips.frames[0])[0]

    assert torch.allclose(curve[:10], torch.zeros(10), atol=1e-6)
    assert torch.allclose(curve[22:], torch.ones(10), atol=1e-6)
    # Around frame 16 lie six frames of the dog and seven of the rain.
    assert curve[16].item() == pytest.approx(7 / 85**0.5, abs=1e-5)
