"""Search against the exhaustive answer, and where its answers come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.tokenalign.library.fakes import (
    RATE_HZ,
    FakeBundle,
    FakeModel,
    FloatArray,
    InlineDecoder,
    indexed,
    run,
    score,
    write_tones,
)
from tokenalign import load_bundle
from tokenalign.clip import Clip
from tokenalign.errors import TokenAlignError
from tokenalign.frame_codec import CODES, ResidualCodes
from tokenalign.library import Hit, Library
from tokenalign.library.candidates import shortlist
from tokenalign.library.searching import holdings
from tokenalign.library.segments.layout import segment_path
from tokenalign.query.types import Relation
from tokenalign.refinement import Emphasis

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


@pytest.mark.parametrize("looks", [0, 1, 9])
def test_files_that_are_gone_leave_room_for_others(
    library: Library, sounds: Path, monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    monkeypatch.setattr(holdings, "LOOKS", looks)
    monkeypatch.setattr(shortlist, "CANDIDATES", 1)
    indexed(library, sounds)
    for band in (5, 4, 6):
        (sounds / f"band{band}.wav").unlink()
        indexed(library, sounds)

    (hit,) = found(library, "band 5")

    assert hit.path.name in {"band3.wav", "band7.wav", "band1.wav", "band2.wav", "band0.wav"}


def test_coded_frames_give_the_same_answer(scenes: Library, tmp_path: Path) -> None:
    bands = np.eye(8, dtype=np.float32)
    codec = ResidualCodes(bands, np.zeros((2, CODES, 4), np.float32))
    coded = FakeModel(FakeBundle(name="coded", identity="c" * 64, frame_codec=codec))
    indexed(scenes, tmp_path / "scenes", model=coded)
    for caption in ("band 1 then band 5", "band 5 without band 1", "without band 1", "band 7"):
        expected = [hit.path.name for hit in found(scenes, caption)]
        answer = scenes.search(caption, coded).results
        assert set(well(list(answer))) == set(well(found(scenes, caption)))
        assert sorted(hit.path.name for hit in answer) == sorted(expected)


def test_bundles_take_turns(library: Library, sounds: Path) -> None:
    other = FakeModel(FakeBundle(name="other", identity="b" * 64))
    indexed(library, sounds)
    indexed(library, sounds / "band5.wav", model=other)
    for _ in range(2):
        assert len(library.search("band 5", other).results) == 1
        assert len(library.search("band 5", MODEL).results) == 8


def damage_band_5(tmp_path: Path) -> None:
    """Change a byte among the frames of the sixth record."""
    with segment_path(tmp_path / "library" / "segments", 1).open("r+b") as file:
        file.seek(128 + 5 * (64 + 7 * 16 + 16) + 64 + 3)
        file.write(b"\xff")


def test_damaged_vectors_are_left_out_and_made_anew(
    library: Library, sounds: Path, tmp_path: Path, decoder: InlineDecoder
) -> None:
    indexed(library, sounds)
    damage_band_5(tmp_path)
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


# Words


def named(library: Library, caption: str, words: str | None, **options: Any) -> list[str]:
    answer = library.search(caption, MODEL, words=words, **options)
    return [hit.path.name for hit in answer.results]


def test_words_bring_in_a_file_that_does_not_sound_like_the_caption(
    scenes: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortlist, "CANDIDATES", 2)
    door = write_tones(tmp_path / "scenes" / "DOOR_creak.wav", (None, 1.0), (3, 2.0))
    indexed(scenes, tmp_path / "scenes")
    assert door.name not in named(scenes, "band 1", None)
    answer = scenes.search("band 1", MODEL, words="creaks door")
    (hit,) = (hit for hit in answer.results if hit.path == door)
    assert hit.matched_words == ("creaks", "door")
    assert answer.results.index(hit) == 1  # level with the best by sound, which goes first
    assert hit.score == pytest.approx(0.0, abs=1e-3)
    assert {other.matched_words for other in answer.results if other != hit} == {()}
    assert answer.matches_well


def test_what_both_sounds_and_is_called_so_comes_first(library: Library, sounds: Path) -> None:
    write_tones(sounds / "thud.wav", (2, 1.0), seed=5)
    write_tones(sounds / "sub" / "thump.wav", (2, 1.0), seed=6)
    indexed(library, sounds)
    plain = named(library, "band 2", None)[:3]
    assert set(plain) == {"band2.wav", "thud.wav", "thump.wav"}
    assert named(library, "band 2", "thump")[0] == "thump.wav"
    assert named(library, "band 2", "thump", limit=1) == ["thump.wav"]
    assert named(library, "band 2", "thud", limit=1) == ["thud.wav"]


def test_words_that_nothing_bears_leave_the_ranking_as_it_was(scenes: Library) -> None:
    plain = scenes.search("band 1 then band 5", MODEL)
    for words in ("", "submarine"):
        answer = scenes.search("band 1 then band 5", MODEL, words=words)
        assert [hit.path for hit in answer.results] == [hit.path for hit in plain.results]
        assert [hit.score for hit in answer.results] == [hit.score for hit in plain.results]


def test_a_file_that_bears_one_word_of_several_is_no_answer(
    scenes: Library, tmp_path: Path
) -> None:
    write_tones(tmp_path / "scenes" / "DOOR_creak.wav", (None, 1.0), (3, 2.0))
    indexed(scenes, tmp_path / "scenes")
    assert named(scenes, "band 1", "door slam") == named(scenes, "band 1", None)


def test_filters_hold_for_words_too(scenes: Library) -> None:
    assert named(scenes, "band 1", "seven", where="duration<3") == named(
        scenes, "band 1", None, where="duration<3"
    )


def test_a_damaged_file_is_not_found_by_its_words_either(
    library: Library, sounds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortlist, "CANDIDATES", 1)
    indexed(library, sounds)
    damage_band_5(tmp_path)
    assert named(library, "band 1", "band5") == ["band1.wav"]
    assert indexed(library, sounds).indexed == 1
    assert named(library, "band 1", "band5") == ["band1.wav", "band5.wav"]


# Unknown phrases


def test_what_no_result_has_is_named(scenes: Library) -> None:
    def unknown(caption: str, **options: Any) -> tuple[str, ...]:
        return scenes.search(caption, MODEL, **options).unknown

    assert unknown("band 1 then band 5") == ()
    assert unknown("band 1 and band 3 and band 2") == ("band 3", "band 2")
    assert unknown("band 1 without band 3") == ()
    assert unknown("band 1 and band 7") == ()
    assert unknown("band 1 and band 7", where="name=one.wav") == ("band 7",)
    assert unknown("band 3", where="format=mp3") == ()


def test_what_the_bundle_was_not_taught_is_named_and_never_matches_well(scenes: Library) -> None:
    answer = scenes.search("band 1 and murmur 5", MODEL)

    assert answer.untaught == ("murmur 5",)
    assert not answer.matches_well  # it is found, but by chance
    assert scenes.search("murmur 5", MODEL, where="format=mp3").untaught == ("murmur 5",)
    assert scenes.search("band 1 and band 5", MODEL).matches_well
    assert scenes.search("band 1 without murmur 5", MODEL).untaught == ()


def test_a_phrase_of_a_further_moment_is_not_unknown(library: Library, tmp_path: Path) -> None:
    indexed(library, write_tones(tmp_path / "long.wav", (1, 3.0), (None, 30.0), (5, 1.0)))
    answer = library.search("band 1 and band 5", MODEL)
    assert [phrase.found for phrase in answer.results[0].phrases].count(False) == 1
    assert answer.unknown == ()


# Captions and clips that are there already


def test_an_encoded_caption_is_not_encoded_again(scenes: Library) -> None:
    model = FakeModel()
    caption = model.encode_text("band 1 then band 5")
    answer = scenes.search(caption, model)
    scenes.ground(answer.results[0].path, caption, model)
    assert model.captions == 1
    assert answer.query == "band 1 then band 5"
    assert [(h.path, h.score) for h in answer.results] == [
        (h.path, h.score) for h in found(scenes, "band 1 then band 5")
    ]


def test_a_clip_is_what_was_encoded(crowd: tuple[Library, list[FloatArray]]) -> None:
    library, frames = crowd
    paths = [hit.path for hit in found(library, "band 2", limit=40)]
    clips = [library.clip(path, MODEL) for path in paths]
    assert len(clips) == 40
    for clip in clips:
        assert clip is not None
        assert any(
            each.shape == clip.frames.shape and np.abs(each - clip.frames).max() < 2e-3
            for each in frames
        )
        np.testing.assert_allclose(np.linalg.norm(clip.windows, axis=1), 1.0, atol=2e-3)
        assert clip.frame_edges_s[-1] == clip.duration_s


def test_a_file_is_grounded_whole_from_its_stored_vectors(library: Library, tmp_path: Path) -> None:
    file = write_tones(tmp_path / "twice.wav", (None, 3.0), (1, 2.0), (None, 23.0), (1, 1.0))
    indexed(library, file)
    file.unlink()  # its sound is not read again
    grounding = library.ground(file, "band 1", MODEL)
    spans_s = [(s.start_s, s.end_s) for s in grounding.phrases[0].segments]
    assert spans_s == [pytest.approx((3.0, 5.0), abs=0.17), pytest.approx((28.0, 29.0), abs=0.17)]


def test_where_vectors_lie_may_be_forgotten_in_the_midst_of_a_search(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for band in (1, 2, 3):
        write_tones(tmp_path / "bells" / f"{band}.wav", (band, 2.0))
    indexed(library, tmp_path / "bells", write_tones(tmp_path / "other.wav", (5, 2.0)))
    monkeypatch.setattr(shortlist, "CANDIDATES", 1)
    monkeypatch.setattr(holdings, "ROWS_KEPT", 0)

    names = named(library, "band 5", "bells")

    assert sorted(names) == ["1.wav", "2.wav", "3.wav", "other.wav"]


def test_damaged_vectors_are_no_clip(library: Library, sounds: Path, tmp_path: Path) -> None:
    indexed(library, sounds)
    damage_band_5(tmp_path)
    assert library.clip(sounds / "band5.wav", MODEL) is None
    assert library.clip(sounds / "band4.wav", MODEL) is not None
    assert len(found(library, "band 5")) == 7


def test_a_file_that_is_not_indexed_has_no_clip(scenes: Library, tmp_path: Path) -> None:
    stranger = write_tones(tmp_path / "stranger.wav", (1, 1.0))
    assert scenes.clip(stranger, MODEL) is None
    assert scenes.clip(tmp_path / "scenes", MODEL) is None
    with pytest.raises(TokenAlignError, match=r"stranger\.wav: not in the library"):
        scenes.ground(stranger, "band 1", MODEL)


def test_a_required_phrase_takes_hits_out(tmp_path: Path) -> None:
    """With the bundle that is shipped, which hears a siren and rain in generated sounds."""
    model = load_bundle("starter", threads=1)
    time_s = np.arange(6 * RATE_HZ) / RATE_HZ
    wail = 0.3 * np.sin(2 * np.pi * 900 * time_s - 400 * np.cos(np.pi * time_s))
    rush = np.random.default_rng(3).normal(0.0, 0.2, len(time_s))
    for name, samples in {"wail": wail, "rush": rush}.items():
        soundfile.write(tmp_path / f"{name}.wav", samples, RATE_HZ)
    with Library.open(tmp_path / "real") as real:
        run(real.index([tmp_path / "wail.wav", tmp_path / "rush.wav"], model))
        caption = model.encode_text("a siren and rain")
        normal, required = Emphasis.NORMAL, Emphasis.REQUIRED
        for emphases, names in [
            ((normal, normal), {"wail.wav", "rush.wav"}),
            ((required, normal), {"wail.wav"}),
            ((normal, required), {"rush.wav"}),
            ((required, required), set()),
        ]:
            answer = real.search(model.refined(caption, emphases), model)
            assert {hit.path.name for hit in answer.results} == names
        by_words = real.search(model.refined(caption, (required, normal)), model, words="rush")
        assert [hit.path.name for hit in by_words.results] == ["wail.wav"]
