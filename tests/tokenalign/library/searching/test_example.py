"""Query by example against the exhaustive answer, and which part of the example counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.tokenalign.library.fakes import (
    FakeBundle,
    FakeModel,
    FloatArray,
    InlineDecoder,
    indexed,
    quick_decode,
    run,
    write_tones,
)
from tokenalign.audio import AudioInfo, FrontEnd
from tokenalign.clip import Clip, frame_edges, window_starts
from tokenalign.errors import TokenAlignError
from tokenalign.library import Library
from tokenalign.library.searching import example
from tokenalign.library.searching.example import Example, example_windows
from tokenalign.library.segments.layout import segment_path

MODEL = FakeModel()
WIDTH, FRAME_S = MODEL.bundle.width, MODEL.bundle.frame_hop_s


def encoded(path: Path) -> Clip:
    """A file as the library encodes it."""
    blocks = (item for item in quick_decode(path, FrontEnd()) if not isinstance(item, AudioInfo))
    return MODEL.encode_mel(blocks)


def numbered(frame_count: int) -> Clip:
    """A clip whose window w has w as its first number, instead of a unit vector."""
    starts = window_starts(frame_count, MODEL.bundle.window_frames, MODEL.bundle.window_hop_frames)
    windows = np.zeros((len(starts), WIDTH), np.float32)
    windows[:, 0] = np.arange(len(starts))
    duration_s = frame_count * FRAME_S
    return Clip(
        frames=np.zeros((frame_count, WIDTH), np.float32),
        mask=np.ones(frame_count, bool),
        frame_edges_s=frame_edges(frame_count, FRAME_S, duration_s),
        windows=windows,
        window_starts=starts,
        duration_s=duration_s,
    )


def chosen(clip: Clip, start_s: float | None = None, end_s: float | None = None) -> list[int]:
    """The windows that speak for a part of a `numbered` clip."""
    windows = example_windows(Example(clip, MODEL.bundle, start_s, end_s))
    return [int(window[0]) for window in windows]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, Path]]:
    """Thirty files of one to four tones, some of several windows."""
    random = np.random.default_rng(11)
    folder = tmp_path_factory.mktemp("crowd")
    for number in range(30):
        bands = random.permutation(8)[: random.integers(1, 5)].tolist()
        seconds = random.uniform(0.5, 9.0, len(bands)).tolist()
        write_tones(folder / f"{number:02}.wav", *zip(bands, seconds, strict=True), seed=number)
    with Library.open(folder / "library", decoder=InlineDecoder) as library:
        indexed(library, folder)
        yield library, folder


def naive(folder: Path, vectors: FloatArray) -> list[tuple[float, str, float]]:
    """For each file the best cosine, its name and where that window starts; best first."""
    found = []
    for path in sorted(folder.glob("*.wav")):
        clip = encoded(path)
        cosines = (clip.windows @ vectors.T).max(axis=1)
        window = int(cosines.argmax())
        start_s = float(clip.frame_edges_s[clip.window_starts[window]])
        found.append((float(cosines[window]), path.name, start_s))
    return sorted(found, key=lambda one: -one[0])


@pytest.mark.parametrize("first_asked", [400, 1])
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_the_answer_is_the_exhaustive_one(
    crowd: tuple[Library, Path], monkeypatch: pytest.MonkeyPatch, first_asked: int, limit: int
) -> None:
    monkeypatch.setattr(example, "FIRST_ASKED", first_asked)
    library, folder = crowd
    for name in ("03.wav", "17.wav", "29.wav"):
        clip = encoded(folder / name)
        exact = naive(folder, clip.windows)
        answer = library.search_like(clip, MODEL, limit=limit)
        assert len(answer.results) == min(limit, 30)
        np.testing.assert_allclose(
            [hit.score for hit in answer.results], [each[0] for each in exact[:limit]], atol=2e-3
        )
        assert name in {hit.path.name for hit in answer.results if hit.score > 0.99}


def test_a_hit_is_the_window_most_like_the_example(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "scenes"
    write_tones(folder / "late.wav", (1, 20.0), (5, 20.0))
    bell = write_tones(tmp_path / "bell.wav", (5, 4.0))
    indexed(library, folder)
    answer = library.search_like(encoded(bell), MODEL)
    (hit,) = answer.results
    clip = encoded(folder / "late.wav")
    best = int((clip.windows @ encoded(bell).windows[0]).argmax())
    start = int(clip.window_starts[best])
    end = min(start + MODEL.bundle.window_frames, len(clip.frames))
    assert (hit.start_s, hit.end_s) == pytest.approx((start * FRAME_S, end * FRAME_S), abs=0.01)
    assert hit.start_s >= 19.0
    assert hit.score == pytest.approx(1.0, abs=2e-3)
    assert (answer.query, answer.phrases, hit.phrases, hit.moments) == ("", (), (), ())
    assert answer.matches_well
    assert set(answer.elapsed_ms) == {"candidates", "rank", "total"}


def test_only_the_chosen_part_counts(library: Library, sounds: Path, tmp_path: Path) -> None:
    indexed(library, sounds)
    clip = encoded(write_tones(tmp_path / "two.wav", (1, 25.0), (5, 25.0)))

    def first(start_s: float | None, end_s: float | None) -> str:
        answer = library.search_like(clip, MODEL, start_s=start_s, end_s=end_s, limit=1)
        return answer.results[0].path.name

    assert first(None, 15.0) == first(2.0, 5.0) == "band1.wav"
    assert first(35.0, None) == first(44.0, 45.0) == "band5.wav"


def test_windows_that_a_part_fills_or_that_cover_it_speak_for_it() -> None:
    # 160 frames of 0.16 s: windows from 0.00, 5.12, 10.24 and 15.36 s, each of 10.24 s
    clip = numbered(160)
    assert clip.window_starts.tolist() == [0, 32, 64, 96]
    assert chosen(clip) == [0, 1, 2, 3]
    assert chosen(clip, 6.0, 7.0) == [0, 1]  # within both
    assert chosen(clip, 0.5, 1.0) == [0]
    assert chosen(clip, 5.12, 15.36) == [0, 1, 2]  # half, all and half of a window
    assert chosen(clip, 6.0, 15.36) == [1, 2]
    assert chosen(clip, 25.0, 99.0) == [3]


def test_a_long_example_is_looked_for_by_windows_spread_over_it() -> None:
    found = chosen(numbered(64 + 32 * 310))
    assert len(found) == 32
    assert (found[0], found[-1]) == (0, 310)
    assert set(np.diff(found)) == {10}


@pytest.mark.parametrize("part_s", [(30.0, 40.0), (3.0, 3.0), (5.0, 2.0)])
def test_a_part_without_sound_is_refused(part_s: tuple[float, float]) -> None:
    with pytest.raises(TokenAlignError, match="no sound from") as raised:
        chosen(numbered(100), *part_s)
    assert "16 s" in raised.value.hint


def test_the_example_itself_and_its_copies_can_be_left_out(library: Library, sounds: Path) -> None:
    copy = sounds / "copy.wav"
    copy.write_bytes((sounds / "band4.wav").read_bytes())
    indexed(library, sounds)
    clip = library.clip(copy, MODEL)
    assert clip is not None
    everything = library.search_like(clip, MODEL).results
    assert everything[0].path.name == "band4.wav"
    assert everything[0].copies == (copy,)
    rest = library.search_like(clip, MODEL, exclude=copy).results
    assert [hit.path for hit in rest] == [hit.path for hit in everything[1:]]
    assert library.search_like(clip, MODEL, exclude=sounds / "no.wav").results == everything


def test_an_example_can_be_left_out_of_the_first_search_of_all(
    library: Library, sounds: Path
) -> None:
    indexed(library, sounds)
    band4 = sounds / "band4.wav"

    answer = library.search_like(encoded(band4), MODEL, exclude=band4)

    assert len(answer.results) == 7
    assert band4 not in [hit.path for hit in answer.results]


def test_filters_count_and_opposites_score_nothing(library: Library, sounds: Path) -> None:
    indexed(library, sounds)
    clip = library.clip(sounds / "band4.wav", MODEL)
    assert clip is not None
    (hit,) = library.search_like(clip, MODEL, where="name~band2").results
    assert hit.path.name == "band2.wav"
    opposite = replace(clip, windows=-clip.windows)
    assert {hit.score for hit in library.search_like(opposite, MODEL).results} == {0.0}
    nothing = library.search_like(clip, MODEL, where="format=mp3")
    assert (nothing.results, nothing.matches_well) == ((), False)


def test_damaged_vectors_are_left_out(library: Library, sounds: Path, tmp_path: Path) -> None:
    indexed(library, sounds)
    path = segment_path(tmp_path / "library" / "segments", 1)
    with path.open("r+b") as file:
        file.seek(128 + 5 * (64 + 7 * 16 + 16) + 64 + 3)  # among the frames of the sixth record
        file.write(b"\xff")
    clip = encoded(sounds / "band5.wav")
    names = {hit.path.name for hit in library.search_like(clip, MODEL).results}
    assert names == {f"band{band}.wav" for band in (0, 1, 2, 3, 4, 6, 7)}


def test_an_empty_library_or_one_of_another_bundle_says_what_to_do(
    library: Library, sounds: Path
) -> None:
    clip = encoded(write_tones(sounds / "band1.wav", (1, 1.0)))
    with pytest.raises(TokenAlignError, match="no sounds in this library yet"):
        library.search_like(clip, MODEL)
    run(library.index([sounds], MODEL))
    other = FakeModel(FakeBundle(name="other", identity="b" * 64))
    with pytest.raises(TokenAlignError, match="not encoded for this bundle, 'other'"):
        library.search_like(clip, other)
