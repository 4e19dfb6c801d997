"""Captioned clips scored by a real bundle, and every figure made again from the raw scores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tokenalign.engine import Model
from tokenalign.errors import TokenAlignError
from trainer.datasets.values import CaptionedClip
from trainer.evaluation.captioned import CaptionScores, captioned_rows, hear, score_captions
from trainer.evaluation.relevance import Query, own_captions

RATE = 32000
CAPTIONS = (
    ("a dog barks", "a dog and rain"),
    ("rain falls", "rain falls and then a dog barks", "a bird sings"),
    ("a cat meows",),
    ("wind blows", "church bells", "a dog barks"),
    ("thunder", "an engine"),
)


def rank(scores: Sequence[float], place: int) -> float:
    """1, those above, and half of the others that are equal."""
    above = sum(score > scores[place] for score in scores)
    equal = sum(score == scores[place] for score in scores) - 1
    return 1 + above + equal / 2


def naive_figures(scores: list[list[float]], owners: list[int]) -> dict[str, float]:
    """All figures in percent by loops over [Q][C] scores; caption q belongs to clip owners[q]."""
    clips = len(scores[0])
    t2a = [[rank(row, owner)] for row, owner in zip(scores, owners, strict=True)]
    columns = [[row[clip] for row in scores] for clip in range(clips)]
    a2t = [
        sorted(rank(columns[clip], q) for q, owner in enumerate(owners) if owner == clip)
        for clip in range(clips)
    ]

    def percent(values: list[float]) -> float:
        return 100.0 * sum(values) / len(values)

    def hit(own: list[list[float]], k: int) -> float:
        return percent([float(any(r <= k for r in ranks)) for ranks in own])

    def precision(own: list[list[float]], k: int) -> float:
        return percent(
            [
                sum(seen / r for seen, r in enumerate(ranks, start=1) if r <= k) / len(ranks)
                for ranks in own
            ]
        )

    figures = {f"t2a R@{k}": hit(t2a, k) for k in (1, 5, 10)}
    figures |= {f"t2a mAP@{k}": precision(t2a, k) for k in (10, 16)}
    figures |= {f"a2t R@{k}, any caption": hit(a2t, k) for k in (1, 5, 10)}
    figures["a2t mAP@10, over all captions"] = precision(a2t, 10)
    for k in (1, 5, 10):
        shares = [sum(r <= k for r in ranks) / len(ranks) for ranks in a2t]
        figures[f"a2t R@{k}, share of captions (DCASE 2023)"] = percent(shares)
    figures["a2t MRR, first caption"] = percent([1 / ranks[0] for ranks in a2t])
    return figures


def figures(found: CaptionScores) -> dict[str, float]:
    return {row.name: row.figure.value for row in captioned_rows(found)}


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[CaptionedClip]:
    """Five noises of other lengths and colours, one of them longer than a window."""
    folder = tmp_path_factory.mktemp("captioned")
    rng = np.random.default_rng(1)
    made = []
    for place, captions in enumerate(CAPTIONS):
        samples = rng.normal(0.0, 0.1, (12 if place == 1 else 1 + place) * RATE)
        smoothed = np.convolve(samples, np.ones(1 + 3 * place), mode="same")
        path = folder / f"{place}.wav"
        soundfile.write(path, smoothed / np.abs(smoothed).max(), RATE)
        made.append(CaptionedClip(id=f"clip {place}", path=path, captions=captions))
    return made


def test_figures_are_those_of_the_raw_scores(
    tiny_model: Model, clips: list[CaptionedClip], tmp_path: Path
) -> None:
    found = score_captions(tiny_model, hear(tiny_model, clips), own_captions(clips))
    np.save(tmp_path / "scores.npy", found.scores)

    raw = np.load(tmp_path / "scores.npy").tolist()
    owners = [place for place, captions in enumerate(CAPTIONS) for _ in captions]
    heard = [tiny_model.encode_file(clip.path) for clip in clips]
    again = [
        [float(tiny_model.score([caption], [clip])[0, 0]) for clip in heard]
        for captions in CAPTIONS
        for caption in captions
    ]

    np.testing.assert_allclose(raw, again, atol=1e-5)
    assert figures(found) == pytest.approx(naive_figures(raw, owners))
    assert len(figures(found)) == 13


def test_figures_equal_the_naive_ones_with_many_ties() -> None:
    rng = np.random.default_rng(2)
    owners = np.sort(np.r_[np.arange(30), rng.integers(30, size=90)])
    scores = rng.integers(12, size=(120, 30)).astype(np.float32)
    scores[np.arange(120), owners] += rng.integers(6, size=120)
    found = CaptionScores(scores, owners[:, None] == np.arange(30), owners)

    assert figures(found) == pytest.approx(naive_figures(scores.tolist(), owners.tolist()))
    for row in captioned_rows(found):
        assert row.figure.low < row.figure.value < row.figure.high or row.figure.value == 100.0


def test_the_conventions_differ_on_perfect_scores() -> None:
    owners = np.repeat(np.arange(20), 5)
    own = owners[:, None] == np.arange(20)

    perfect = figures(CaptionScores(own.astype(np.float32), own, owners))
    constant = figures(CaptionScores(np.zeros(own.shape, np.float32), own, owners))

    # Five captions tie for the best place, so that each has rank 3.
    assert perfect["t2a R@1"] == perfect["a2t R@5, any caption"] == 100.0
    assert perfect["a2t R@1, any caption"] == 0.0
    assert perfect["a2t MRR, first caption"] == pytest.approx(100 / 3)
    assert perfect["a2t mAP@10, over all captions"] == pytest.approx(100.0)
    assert perfect["a2t R@5, share of captions (DCASE 2023)"] == 100.0
    assert constant["t2a R@10"] == constant["t2a mAP@10"] == 0.0
    assert constant["t2a mAP@16"] == pytest.approx(100 / 10.5)


def test_several_right_clips_share_the_precision_of_a_caption() -> None:
    # By score: clips 3, 0, 1, 2 for the first query, which is right for 0 and 2: (1/2 + 2/4) / 2.
    # The second finds its clip at once; the third has it last, and clip 3 is right for nobody.
    scores = np.array(
        [[0.8, 0.5, 0.2, 0.9], [0.1, 0.9, 0.2, 0.3], [0.1, 0.2, 0.3, 0.4]], np.float32
    )
    relevant = np.array([[1, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0]], np.bool_)

    found = figures(CaptionScores(scores, relevant, np.array([0, 1, 0])))

    assert found["t2a mAP@16"] == pytest.approx(100 * (1 / 2 + 1 + 1 / 4) / 3)
    assert found["t2a R@1"] == pytest.approx(100 / 3)
    # Clip 0 has queries 1 and 3 (places 1 and, tied with query 2, 2.5), clip 1 its own at once,
    # clip 2 its own behind query 3 and beside query 2.
    assert found["a2t MRR, first caption"] == pytest.approx(100 * (1 + 1 + 1 / 2.5) / 3)


def test_queries_without_a_readable_clip_fall_away(
    tiny_model: Model, clips: list[CaptionedClip], tmp_path: Path
) -> None:
    (tmp_path / "bad.wav").write_bytes(b"not a sound")
    bad = CaptionedClip(id="bad", path=tmp_path / "bad.wav", captions=("a dog barks",))
    heard = hear(tiny_model, [bad, clips[0], clips[2]])

    queries = [Query("rain falls", (0,)), Query("a cat meows", (0, 2)), Query("wind blows", (2, 1))]
    found = score_captions(tiny_model, heard, queries)

    assert found.relevant.tolist() == [[False, True], [True, True]]
    assert found.drawn_with.tolist() == [1, 1]


def test_a_bad_file_and_a_caption_without_a_sound_are_named(
    tiny_model: Model, clips: list[CaptionedClip], tmp_path: Path
) -> None:
    (tmp_path / "bad.wav").write_bytes(b"not a sound")
    bad = CaptionedClip(id="bad", path=tmp_path / "bad.wav", captions=("a dog barks",))
    mute = CaptionedClip(id="mute", path=clips[0].path, captions=("a cat meows", "and then"))

    listed = [bad, clips[1], mute]
    heard = hear(tiny_model, listed)
    found = score_captions(tiny_model, heard, own_captions(listed))

    assert found.scores.shape == (5, 2)
    assert found.drawn_with.tolist() == [0, 0, 0, 1, 1]
    assert [line.split(":")[0] for line in found.unreadable] == ["bad"]
    assert found.unnamed == ("and then",)
    assert found.scores[4].tolist() == [0.0, 0.0]


def test_nothing_to_listen_to_is_an_error(tiny_model: Model, tmp_path: Path) -> None:
    gone = CaptionedClip(id="gone", path=tmp_path / "gone.wav", captions=("a dog barks",))

    with pytest.raises(TokenAlignError, match="none of the captioned clips"):
        hear(tiny_model, [gone])
