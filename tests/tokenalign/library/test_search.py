"""Search against the exhaustive answer, and where its answers come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.tokenalign.library.fakes import (
    FakeBundle,
    FakeModel,
    FloatArray,
    InlineDecoder,
    indexed,
    run,
    score,
    write_tones,
)
from tokenalign.clip import Clip
from tokenalign.errors import TokenAlignError
from tokenalign.library import Hit, Library, shortlist
from tokenalign.library.segments import segment_path
from tokenalign.query.types import Relation

MODEL = FakeModel()


def found(library: Library, caption: str, where: str = "", limit: int = 10) -> list[Hit]:
    return list(library.search(caption, MODEL, limit=limit, where=where).results)


def well(hits: list[Hit]) -> list[str]:
    """Names of the hits that score high."""
    return [hit.path.name for hit in hits if hit.score > 0.9]


@pytest.fixture
def scenes(library: Library, tmp_path: Path) -> Library:
    """Files in which bands 1, 5 and 7 sound in several ways."""
    folder = tmp_path / "scenes"
    write_tones(folder / "one five.wav", (1, 1.0), (5, 1.0))
    write_tones(folder / "five one.wav", (5, 1.0), (1, 1.0))
    write_tones(folder / "one.wav", (1, 2.0))
    write_tones(folder / "one five seven.flac", (1, 1.0), (5, 1.0), (7, 1.0))
    write_tones(folder / "far apart.wav", (1, 2.0), (None, 26.0), (5, 2.0))
    write_tones(folder / "far back.wav", (5, 2.0), (None, 26.0), (1, 2.0))
    indexed(library, folder)
    return library


def test_order_counts(scenes: Library) -> None:
    names = {"one five.wav", "one five seven.flac", "far apart.wav"}
    assert set(well(found(scenes, "band 1 then band 5"))) == names
    assert set(well(found(scenes, "band 5 after band 1"))) == names
    assert set(well(found(scenes, "band 5 then band 1"))) == {"five one.wav", "far back.wav"}


def test_phrases_in_different_windows_are_found_when_the_windows_are_not_all_ranked(
    scenes: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortlist, "CANDIDATES", 4)
    monkeypatch.setattr(shortlist, "LEAST_PER_PHRASE", 4)
    hits = {hit.path.name: hit for hit in found(scenes, "band 1 then band 5")}
    far = hits["far apart.wav"]
    assert far.score > 0.9
    assert (far.start_s, far.end_s) == pytest.approx((0.0, 30.0), abs=0.2)


def test_without_is_judged_by_the_exact_score(scenes: Library) -> None:
    assert set(well(found(scenes, "band 1 without band 5"))) == {"one.wav"} | {
        "far apart.wav",
        "far back.wav",
    }
    assert well(found(scenes, "without band 1")) == ["far apart.wav", "far back.wav"]
    spoiled = next(h for h in found(scenes, "band 1 without band 5") if "seven" in h.path.name)
    assert [(p.relation, p.found) for p in spoiled.phrases] == [
        (Relation.FIRST, True),
        (Relation.WITHOUT, True),
    ]


def test_a_hit_has_its_best_moment_and_the_further_ones(library: Library, tmp_path: Path) -> None:
    file = write_tones(tmp_path / "twice.wav", (None, 3.0), (1, 2.0), (None, 23.0), (1, 1.0))
    indexed(library, file)
    (hit,) = found(library, "band 1")
    assert (hit.start_s, hit.end_s) == pytest.approx((3.0, 5.0), abs=0.17)
    assert hit.duration_s == pytest.approx(29.0)
    assert [(m.start_s, m.end_s) for m in hit.moments[:1]] == [
        pytest.approx((28.0, 29.0), abs=0.17)
    ]
    assert hit.phrases[0].segments[0].start_s == hit.start_s


def test_the_answer_says_how_the_caption_was_understood(scenes: Library) -> None:
    answer = scenes.search("band 1 then band 5 without band 7", MODEL)
    assert answer.query == "band 1 then band 5 without band 7"
    assert answer.phrases == (
        ("band 1", Relation.FIRST),
        ("band 5", Relation.THEN),
        ("band 7", Relation.WITHOUT),
    )
    assert set(answer.elapsed_ms) == {"text", "candidates", "rank", "total"}
    parts = [answer.elapsed_ms[name] for name in ("text", "candidates", "rank")]
    assert answer.elapsed_ms["total"] == pytest.approx(sum(parts))


def test_matches_well_is_the_bundles_threshold(scenes: Library) -> None:
    assert scenes.search("band 1", MODEL).matches_well
    assert not scenes.search("band 3", MODEL).matches_well
    assert not scenes.search("band 1", MODEL, where="duration>100").matches_well


def test_filters_come_before_the_ranking(scenes: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shortlist, "CANDIDATES", 1)
    monkeypatch.setattr(shortlist, "LEAST_PER_PHRASE", 1)
    assert [hit.path.name for hit in found(scenes, "band 7")] == ["one five seven.flac"]
    assert [hit.path.name for hit in found(scenes, "band 7", "name~'far back'")] == ["far back.wav"]
    assert found(scenes, "band 7", "format=mp3") == []
    with pytest.raises(TokenAlignError, match="filter, character 1"):
        found(scenes, "band 7", "nonsense")


def test_limit_is_the_number_of_files(scenes: Library) -> None:
    assert len(found(scenes, "band 1", limit=2)) == 2
    assert len(found(scenes, "band 1 then band 5", limit=1)) == 1


def test_a_caption_without_phrases_is_refused(scenes: Library) -> None:
    with pytest.raises(TokenAlignError, match="names no sound"):
        found(scenes, " ,. ")


def test_an_empty_library_says_what_to_do(library: Library) -> None:
    with pytest.raises(TokenAlignError, match="no sounds in this library yet") as raised:
        found(library, "band 1")
    assert "tokenalign index" in raised.value.hint


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, list[FloatArray]]]:
    """Forty files with one to three tones, and the frames of each."""
    random = np.random.default_rng(7)
    folder = tmp_path_factory.mktemp("crowd")
    for number in range(40):
        bands = random.permutation(8)[: random.integers(1, 4)].tolist()
        seconds = random.uniform(0.3, 3.0, len(bands)).tolist()
        write_tones(folder / f"{number}.wav", *zip(bands, seconds, strict=True), seed=number)
    model = Recording()
    with Library.open(folder / "library", decoder=InlineDecoder) as library:
        indexed(library, folder, model=model)
        yield library, model.frames


@pytest.mark.parametrize(
    "caption",
    [
        "band 2",
        "band 2 then band 6",
        "band 6 and band 1",
        "band 3 without band 4",
        "without band 0",
    ],
)
def test_the_ranking_is_the_exhaustive_one(
    crowd: tuple[Library, list[FloatArray]], caption: str
) -> None:
    library, frames = crowd
    encoded = MODEL.encode_text(caption)
    exact = sorted((score(encoded, each) for each in frames), reverse=True)
    hits = found(library, caption, limit=10)
    np.testing.assert_allclose([hit.score for hit in hits], exact[:10], atol=2e-3)


class Recording(FakeModel):
    """Keeps the frames of all files, each of one window."""

    def __init__(self) -> None:
        super().__init__()
        self.frames: list[FloatArray] = []

    def encode_mel(self, blocks: Iterable[FloatArray], *, duration_s: float | None = None) -> Clip:
        clip = super().encode_mel(blocks, duration_s=duration_s)
        assert len(clip.window_starts) == 1
        self.frames.append(clip.frames)
        return clip


def test_what_another_process_commits_is_found_by_the_next_search(
    library: Library, sounds: Path, tmp_path: Path, decoder: InlineDecoder
) -> None:
    indexed(library, sounds / "band1.wav")
    assert len(found(library, "band 5")) == 1
    with Library.open(tmp_path / "library", decoder=lambda _: decoder) as other:
        indexed(other, sounds)
    assert well(found(library, "band 5")) == ["band5.wav"]
    with Library.open(tmp_path / "library", decoder=lambda _: decoder) as other:
        (sounds / "band5.wav").unlink()
        indexed(other, sounds)
    assert well(found(library, "band 5")) == []


def test_bundles_take_turns(library: Library, sounds: Path) -> None:
    other = FakeModel(FakeBundle(name="other", identity="b" * 64))
    indexed(library, sounds)
    indexed(library, sounds / "band5.wav", model=other)
    for _ in range(2):
        assert len(library.search("band 5", other).results) == 1
        assert len(library.search("band 5", MODEL).results) == 8


def test_damaged_vectors_are_left_out_and_made_anew(
    library: Library, sounds: Path, tmp_path: Path, decoder: InlineDecoder
) -> None:
    indexed(library, sounds)
    path = segment_path(tmp_path / "library" / "segments", 1)
    with path.open("r+b") as file:
        file.seek(128 + 5 * (64 + 7 * 16 + 16) + 64 + 3)  # among the frames of the sixth record
        file.write(b"\xff")
    assert {hit.path.name for hit in found(library, "band 5")} == {
        f"band{band}.wav" for band in (0, 1, 2, 3, 4, 6, 7)
    }
    report = indexed(library, sounds)
    assert (report.indexed, report.unchanged) == (1, 7)
    assert decoder.opened[8:] == ["band5.wav"]
    assert well(found(library, "band 5")) == ["band5.wav"]
    assert run(library.verify(data=True)).problems == ()


def test_a_lost_segment_is_made_anew(library: Library, sounds: Path, tmp_path: Path) -> None:
    indexed(library, sounds)
    segment_path(tmp_path / "library" / "segments", 1).unlink()
    with pytest.raises(TokenAlignError):
        found(library, "band 5")
    assert indexed(library, sounds).indexed == 8
    assert well(found(library, "band 5")) == ["band5.wav"]
