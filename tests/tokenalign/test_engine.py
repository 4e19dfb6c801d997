"""A model end to end: clips of real bytes, scores, groundings and moments.

The bundle's weights are random, so what must be true of any model is checked on generated sounds,
and what a trained model must do on clips made by hand, in which phrases sound where they should.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from tokenalign import load_bundle
from tokenalign.bundle import Bundle, ScoreScale
from tokenalign.caption_encoding import EncodedCaption
from tokenalign.clip import Clip, frame_edges, window_starts
from tokenalign.engine import Model
from tokenalign.errors import AudioFileError, TokenAlignError
from tokenalign.grounding import Grounding, PhraseGrounding
from tokenalign.query.types import Relation
from tokenalign.refinement import Emphasis

CAPTIONS = [
    "a dog barks",
    "a dog barks, then rain falls",
    "a dog barks while rain falls",
    "a bell and a horn",
    "wind without thunder",
    "a cat, then a cow, then a frog",
]
LOUD = 0.9
"""Similarity of a phrase with the frames in which it sounds, in clips made by hand."""


@pytest.fixture(scope="module")
def model(tiny_bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Model:
    """The tiny bundle with silence for a background: raw scores through one known logistic."""
    folder = Path(shutil.copytree(tiny_bundle.path, tmp_path_factory.mktemp("silent") / "tiny"))
    for name in ("background_frames.npy", "background_windows.npy"):
        np.save(folder / name, np.zeros_like(np.load(folder / name)))
    scale = ScoreScale(centre=5.0, spread=1.0, least_deviation=0.2)
    return Model(replace(tiny_bundle, path=folder, score_scale=scale), threads=1)


def noise(duration_s: float, sample_rate: int, *, channels: int = 1) -> NDArray[np.float32]:
    """Noise with a swell, [S, channels]."""
    count = round(duration_s * sample_rate)
    samples = np.random.default_rng(1).normal(0.0, 0.1, (count, channels))
    return (samples * np.linspace(0.1, 1.0, count)[:, None]).astype(np.float32)


@pytest.fixture(scope="module")
def clips(model: Model) -> list[Clip]:
    """One second, ten and twenty-three of noise."""
    return [model.encode_audio(noise(duration_s, 32000)[:, 0], 32000) for duration_s in (1, 10, 23)]


Events = dict[str, list[tuple[float, float]]]


def by_hand(model: Model, duration_s: float, events: Events) -> Clip:
    """A clip in which phrases sound in the given spans and nothing else does.

    Frames are `LOUD` along a phrase and at right angles to all others.
    """
    hop_s, width = model.bundle.frame_hop_s, model.bundle.width
    count = max(1, round(duration_s / hop_s))
    frames = np.zeros((count, width), np.float32)
    vectors = np.concatenate([model.encode_text(text).phrases for text in events])
    for direction, spans_s in zip(np.linalg.pinv(vectors).T, events.values(), strict=True):
        for start_s, end_s in spans_s:
            frames[round(start_s / hop_s) : round(end_s / hop_s)] += LOUD * direction
    bundle = model.bundle
    starts = window_starts(count, bundle.window_frames, bundle.window_hop_frames)
    sums = np.stack([frames[s : s + bundle.window_frames].sum(axis=0) for s in starts])
    windows = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return Clip(
        frames=frames,
        mask=np.ones(count, bool),
        frame_edges_s=frame_edges(count, hop_s, count * hop_s),
        windows=windows.astype(np.float32),
        window_starts=starts,
        duration_s=count * hop_s,
    )


def times(phrase: PhraseGrounding) -> list[tuple[float, float]]:
    return [(segment.start_s, segment.end_s) for segment in phrase.segments]


# Encoding


@pytest.mark.parametrize("sample_rate", [8000, 32000, 44100, 96000])
def test_audio_of_any_rate_gives_frames_on_the_same_grid(model: Model, sample_rate: int) -> None:
    clip = model.encode_audio(noise(2.5, sample_rate)[:, 0], sample_rate)

    assert clip.frames.shape == (16, 16)
    assert clip.duration_s == pytest.approx(2.5)
    assert clip.frame_edges_s[-1] == pytest.approx(2.5)
    assert (np.diff(clip.frame_edges_s) > 0).all()
    assert (np.linalg.norm(clip.frames, axis=1) < 1.0).all()
    assert np.linalg.norm(clip.windows, axis=1) == pytest.approx(np.ones(1), abs=1e-5)


def test_channels_are_mixed_down(model: Model) -> None:
    samples = noise(2.0, 32000, channels=3)

    clip = model.encode_audio(samples, 32000)

    expected = model.encode_audio(samples.mean(axis=1), 32000)
    assert np.abs(clip.frames - expected.frames).max() < 1e-4


@pytest.mark.parametrize(("sample_rate", "channels"), [(32000, 1), (44100, 2)])
def test_a_file_is_encoded_as_its_samples_are(
    model: Model, tmp_path: Path, sample_rate: int, channels: int
) -> None:
    samples = noise(47.0, sample_rate, channels=channels)  # longer than a block of the encoder
    path = tmp_path / "noise.wav"
    soundfile.write(path, samples, sample_rate, subtype="FLOAT")

    clip, expected = model.encode_file(path), model.encode_audio(samples, sample_rate)

    assert clip.duration_s == expected.duration_s
    assert clip.frame_edges_s.tolist() == expected.frame_edges_s.tolist()
    assert np.abs(clip.frames - expected.frames).max() < 1e-4
    assert np.abs(clip.windows - expected.windows).max() < 1e-4


def test_a_file_that_is_no_sound_is_named(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "letter.wav"
    path.write_text("Dear all,")

    with pytest.raises(AudioFileError, match=r"letter\.wav"):
        model.encode_file(path)


def test_a_file_without_a_single_sample_is_named(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    soundfile.write(path, np.empty(0), 44100)

    with pytest.raises(AudioFileError, match=r"empty\.wav"):
        model.encode_file(path)


def test_no_samples_cannot_be_encoded(model: Model) -> None:
    with pytest.raises(TokenAlignError, match="no audio"):
        model.encode_audio(np.empty(0, np.float32), 32000)


def test_samples_that_are_no_numbers_are_refused(model: Model) -> None:
    samples = noise(1.0, 32000)[:, 0]
    samples[500] = np.nan

    with pytest.raises(TokenAlignError, match="non-finite"):
        model.encode_audio(samples, 32000)


@pytest.mark.parametrize("samples", [1, 319, 320, 5121])
def test_the_shortest_sounds_are_scored_and_grounded(model: Model, samples: int) -> None:
    clip = model.encode_audio(noise(1.0, 32000)[:samples, 0], 32000)

    assert len(clip.frames) == -(-samples // 5120)
    assert np.isfinite(model.score(CAPTIONS, [clip])).all()
    assert model.moments(CAPTIONS[1], clip)[0].end_s <= clip.duration_s


# Scoring


def test_scores_are_a_table_of_captions_and_clips(model: Model, clips: list[Clip]) -> None:
    scores = model.score(CAPTIONS, clips)

    assert scores.shape == (len(CAPTIONS), len(clips))
    assert scores.min() >= 0.0
    assert scores.max() <= 1.0
    assert np.unique(scores.round(4)).size > scores.size // 2


@pytest.mark.parametrize(("captions", "count"), [([], 2), (CAPTIONS[:2], 0)])
def test_an_empty_table_has_its_shape(
    model: Model, clips: list[Clip], captions: list[str], count: int
) -> None:
    assert model.score(captions, clips[:count]).shape == (len(captions), count)


def test_a_pair_scores_the_same_in_any_company(model: Model, clips: list[Clip]) -> None:
    table = model.score(CAPTIONS, clips)

    for row, caption in enumerate(CAPTIONS):
        for column, clip in enumerate(clips):
            alone = model.score([caption], [clip])
            assert alone.shape == (1, 1)
            assert alone[0, 0] == pytest.approx(table[row, column], abs=1e-5)
    backwards = model.score(CAPTIONS[::-1], clips[::-1])
    assert np.abs(backwards[::-1, ::-1] - table).max() < 1e-5


def test_the_score_is_that_of_the_best_window(model: Model, clips: list[Clip]) -> None:
    long = clips[2]
    caption = model.encode_text("a dog barks")
    frames = np.zeros((len(long.window_starts), 64, 16), np.float32)
    mask = np.zeros(frames.shape[:2], bool)
    for row, start in enumerate(long.window_starts):
        inside = long.frames[start : start + 64]
        frames[row, : len(inside)], mask[row, : len(inside)] = inside, True

    windows = model.rank_windows(caption, frames, mask, long.windows)

    assert windows.shape == long.window_starts.shape
    assert model.score(["a dog barks"], [long])[0, 0] == pytest.approx(windows.max(), abs=1e-5)


def test_more_windows_than_one_run_of_the_graph_takes_score_as_one_by_one(model: Model) -> None:
    clip = by_hand(model, 3000.0, {"a dog barks": [(100.0, 101.0), (2900.0, 2903.0)]})
    caption = model.encode_text("a dog barks")
    assert len(clip.window_starts) > 512

    best = model.score(["a dog barks"], [clip])[0, 0]

    last = by_hand(model, 20.0, {"a dog barks": [(10.0, 13.0)]})
    assert best == pytest.approx(model.ground(caption, last).score, abs=0.01)


@pytest.mark.parametrize("caption", CAPTIONS)
def test_grounding_and_the_best_moment_score_what_ranking_scores(
    model: Model, clips: list[Clip], caption: str
) -> None:
    for clip in clips:
        score = model.score([caption], [clip])[0, 0]
        assert model.ground(caption, clip).score == pytest.approx(score, abs=1e-5)
        assert model.moments(caption, clip)[0].score == pytest.approx(score, abs=1e-5)


@pytest.mark.parametrize("least_deviation", [1e-4, 0.5], ids=["own deviation", "least deviation"])
def test_a_score_is_a_standard_score_against_the_background(
    tiny_bundle: Bundle, clips: list[Clip], least_deviation: float
) -> None:
    scale = ScoreScale(centre=1.5, spread=20.0, least_deviation=least_deviation)
    model = Model(replace(tiny_bundle, score_scale=scale), threads=1)
    caption, clip = model.encode_text(CAPTIONS[1]), clips[0]
    frames, windows = (
        np.load(tiny_bundle.path / f"background_{name}.npy").astype(np.float32)
        for name in ("frames", "windows")
    )
    usual = model.align(caption, frames, np.ones(frames.shape[:2], bool), windows).score
    raw = model.align(caption, clip.frames[None], clip.mask[None], clip.windows).score[0]
    assert len(usual) == 8
    assert 1e-4 < usual.std() < 0.5

    score = model.score([CAPTIONS[1]], [clip])[0, 0]

    odds = ((raw - usual.mean()) / max(usual.std(), least_deviation) - 1.5) / 20.0
    assert np.log(score / (1 - score)) == pytest.approx(odds, abs=0.01)


def test_a_clip_too_short_for_the_order_scores_nothing_without_complaint(model: Model) -> None:
    steep = ScoreScale(centre=3.0, spread=0.2, least_deviation=0.01)
    model = Model(replace(model.bundle, score_scale=steep), threads=1)
    clip = by_hand(model, 0.16, {"a cat": [(0.0, 0.16)]})

    assert model.score(["a cat, then a cow, then a frog"], [clip])[0, 0] == 0.0


@pytest.mark.parametrize("duration_s", [10.0, 60.0, 600.0])
@pytest.mark.parametrize("start_s", [0.0, 1.12])
def test_an_event_in_silence_scores_alike_in_clips_of_any_length(
    model: Model, duration_s: float, start_s: float
) -> None:
    event = (start_s, start_s + 0.96)
    short = by_hand(model, 3.0, {"a dog barks": [event]})
    long = by_hand(model, duration_s, {"a dog barks": [event]})

    scores = model.score(["a dog barks", "rain falls"], [short, long])

    assert abs(scores[0, 0] - scores[0, 1]) < 0.01
    assert scores[0].min() > scores[1].max() + 0.2


def test_an_event_at_the_end_of_a_long_clip_counts_as_one_at_its_start(model: Model) -> None:
    first = by_hand(model, 600.0, {"a dog barks": [(0.0, 0.96)]})
    last = by_hand(model, 600.0, {"a dog barks": [(599.04, 600.0)]})

    scores = model.score(["a dog barks"], [first, last])[0]

    assert abs(scores[0] - scores[1]) < 0.05


def test_the_right_order_wins_within_a_window(model: Model) -> None:
    clip = by_hand(model, 10.0, {"a dog barks": [(1.0, 2.0)], "rain falls": [(5.0, 9.0)]})

    right, wrong = model.score(
        ["a dog barks, then rain falls", "rain falls, then a dog barks"], [clip]
    )[:, 0]

    assert right > wrong + 0.2


def test_the_right_order_wins_forty_seconds_apart(model: Model) -> None:
    clip = by_hand(model, 90.0, {"a dog barks": [(12.0, 14.0)], "rain falls": [(54.0, 58.0)]})
    captions = ["a dog barks, then rain falls", "rain falls, then a dog barks"]

    right, wrong = model.score(captions, [clip])[:, 0]
    moment = model.moments(captions[0], clip)[0]

    assert right > wrong + 0.1
    assert moment.start_s == pytest.approx(12.0, abs=0.17)
    assert moment.end_s == pytest.approx(58.0, abs=0.17)


@pytest.mark.parametrize("start_s", [0.0, 20.0, 28.0, 99.84, 178.08])
def test_an_order_is_found_a_minute_apart_wherever_it_lies(model: Model, start_s: float) -> None:
    events: Events = {
        "a dog barks": [(start_s, start_s + 1.92)],
        "rain falls": [(start_s + 60.0, start_s + 61.92)],
    }
    captions = ["a dog barks, then rain falls", "rain falls, then a dog barks"]

    right, wrong = model.score(captions, [by_hand(model, 240.0, events)])[:, 0]

    assert right > wrong + 0.1


def test_a_required_phrase_must_be_heard_in_a_window_of_a_wide_moment_too(model: Model) -> None:
    clip = by_hand(model, 60.0, {"a dog barks": [(0.0, 50.0)], "rain falls": [(55.0, 60.0)]})
    caption = model.encode_text("a dog barks, then rain falls")
    wide = model.align(caption, clip.frames[None], clip.mask[None], clip.windows[:1])
    in_wide, in_windows = wide.presence[0, 0], model.ground(caption, clip).phrases[0].score
    assert in_wide > in_windows + 1e-4
    thresholds = replace(model.bundle.thresholds, found=float(in_wide + in_windows) / 2)
    strict = Model(replace(model.bundle, thresholds=thresholds), threads=1)
    assert strict.moments(caption, clip)
    required = strict.refined(caption, (Emphasis.REQUIRED, Emphasis.NORMAL))
    assert strict.moments(required, clip) == []


def test_near_is_better_than_far(model: Model) -> None:
    near, far = (
        by_hand(model, 90.0, {"a dog barks": [(12.0, 14.0)], "rain falls": [(later, later + 2.0)]})
        for later in (15.0, 55.0)
    )

    scores = model.score(["a dog barks, then rain falls"], [near, far])[0]

    assert scores[0] > scores[1]


def test_a_caption_that_only_denies_a_sound_is_matched_by_clips_without_it(
    tiny_model: Model,
) -> None:
    quiet = by_hand(tiny_model, 10.0, {"rain": [], "a cat meows": [(2.0, 4.0)]})
    spoilt = by_hand(tiny_model, 10.0, {"rain": [(2.0, 4.0)], "a cat meows": []})

    scores = tiny_model.score(["without rain"], [quiet, spoilt])[0]

    assert scores[0] > 0.9
    assert scores[1] < 0.1


# Grounding


def assert_keeps_the_contract(grounding: Grounding, caption: str, clip: Clip) -> None:
    frames = len(clip.frames)
    assert grounding.caption == caption
    assert 0.0 <= grounding.score <= 1.0
    assert grounding.frame_edges_s.shape == (frames + 1,)
    assert grounding.attention.shape == (len(grounding.tokens), frames)
    assert grounding.attention.sum(axis=1) == pytest.approx(
        np.ones(len(grounding.tokens)), abs=1e-5
    )
    for token in grounding.tokens:
        assert caption[token.start_char : token.end_char] == token.text
        assert 0.0 <= token.weight <= 1.0
    for phrase in grounding.phrases:
        assert caption[phrase.start_char : phrase.end_char] == phrase.text
        assert phrase.frame_scores.shape == (frames,)
        assert phrase.frame_edges_s.shape == (frames + 1,)
        assert 0.0 <= phrase.frame_scores.min() <= phrase.frame_scores.max() <= 1.0
        assert 0.0 <= phrase.score <= 1.0
        wanted = phrase.relation is not Relation.WITHOUT
        assert bool(phrase.segments) is (phrase.found or wanted)
        assert phrase.heard == (phrase.segments if phrase.found else ())
        for segment in phrase.segments:
            assert 0.0 <= segment.start_s < segment.end_s <= clip.duration_s + 1e-9


@pytest.mark.parametrize("caption", CAPTIONS)
def test_a_grounding_keeps_the_contract(model: Model, clips: list[Clip], caption: str) -> None:
    for clip in clips:
        assert_keeps_the_contract(model.ground(caption, clip), caption, clip)


def test_phrases_stand_in_order_of_time_with_negated_ones_last(
    model: Model, clips: list[Clip]
) -> None:
    grounding = model.ground("no thunder, rain after a dog barks while wind blows", clips[0])

    assert [(phrase.text, str(phrase.relation)) for phrase in grounding.phrases] == [
        ("a dog barks", "first"),
        ("wind blows", "while"),
        ("rain", "then"),
        ("thunder", "without"),
    ]


def test_no_phrase_is_near_to_frames_in_which_nothing_sounds(model: Model) -> None:
    clip = by_hand(model, 10.0, {"a dog barks": [(1.6, 3.2)]})

    dog, cow = (
        model.ground(text, clip).phrases[0].frame_scores for text in ("a dog barks", "a cow")
    )

    sounding = slice(10, 20)
    assert (dog[sounding] > 0).all()
    assert (cow[sounding] > 0).all()
    assert not np.delete(dog, sounding).any()
    assert not np.delete(cow, sounding).any()


def test_an_encoded_caption_is_grounded_as_its_text_is(model: Model, clips: list[Clip]) -> None:
    encoded = model.encode_text(CAPTIONS[1])

    by_value, by_text = (model.ground(one, clips[1]) for one in (encoded, CAPTIONS[1]))

    assert by_value.score == pytest.approx(by_text.score, abs=1e-6)
    assert by_value.phrases[1].segments == by_text.phrases[1].segments


def test_segments_are_where_the_phrases_sound(model: Model) -> None:
    events: Events = {
        "a dog barks": [(2.08, 3.04), (25.12, 26.08)],
        "rain falls": [(9.6, 16.0)],
        "a bell": [],
    }
    clip = by_hand(model, 30.0, events)

    dog, rain, bell = model.ground("a dog barks and rain falls without a bell", clip).phrases

    assert (dog.found, rain.found, bell.found) == (True, True, False)
    assert times(dog) == [pytest.approx((2.08, 3.04)), pytest.approx((25.12, 26.08))]
    assert times(rain) == [pytest.approx((9.6, 16.0))]
    assert bell.score < 0.05


def test_a_wanted_phrase_that_is_not_heard_shows_where_the_clip_comes_nearest(
    model: Model,
) -> None:
    faint = by_hand(model, 10.0, {"rain": [(4.8, 8.0)]})
    faint = replace(faint, frames=0.3 * faint.frames)

    wanted, unwanted = (
        model.ground(caption, faint).phrases[-1] for caption in ("rain", "wind without rain")
    )

    assert not wanted.found
    assert times(wanted) == [pytest.approx((4.8, 8.0))]
    assert wanted.heard == ()
    assert not unwanted.found
    assert unwanted.segments == ()


def test_a_spoiling_sound_is_shown_where_it_is(model: Model) -> None:
    events: Events = {"wind": [(0.0, 9.6)], "thunder": [(4.8, 6.4)]}

    wind, thunder = model.ground("wind without thunder", by_hand(model, 9.6, events)).phrases

    assert wind.found
    assert thunder.found
    assert times(thunder) == [pytest.approx((4.8, 6.4))]


def test_tokens_listen_where_their_phrase_sounds(model: Model) -> None:
    clip = by_hand(model, 10.0, {"rain": [(4.8, 8.0)]})

    attention = model.ground("rain", clip).attention

    assert attention.shape[0] == 1
    assert attention[0, 30:50].sum() > 0.99


# Moments


@pytest.mark.parametrize("caption", CAPTIONS)
def test_moments_come_best_first_and_never_overlap(
    model: Model, clips: list[Clip], caption: str
) -> None:
    for clip in clips:
        moments = model.moments(caption, clip)

        scores = [moment.score for moment in moments]
        assert scores == sorted(scores, reverse=True)
        in_time = sorted(moments, key=lambda moment: moment.start_s)
        assert all(a.end_s <= b.start_s for a, b in pairwise(in_time))
        assert in_time[0].start_s >= 0.0
        assert in_time[-1].end_s <= clip.duration_s + 1e-9


@pytest.mark.parametrize("caption", CAPTIONS)
def test_moments_are_the_same_when_each_is_aligned_by_itself(
    model: Model, clips: list[Clip], caption: str
) -> None:
    plain = model.encode_text(caption)
    emphasised = model.refined(plain, (Emphasis.NORMAL,) * len(plain.query.phrases))
    for clip in clips:
        at_once, one_by_one = model.moments(plain, clip), model.moments(emphasised, clip)
        assert len(at_once) == len(one_by_one)
        for one, other in zip(at_once, one_by_one, strict=True):
            assert (one.start_s, one.end_s) == (other.start_s, other.end_s)
            for phrase, same in zip(one.grounding.phrases, other.grounding.phrases, strict=True):
                assert phrase.score == pytest.approx(same.score, abs=1e-5)
                np.testing.assert_allclose(phrase.frame_scores, same.frame_scores, atol=1e-5)


def test_moments_of_a_long_clip_are_the_events_on_the_files_axis(model: Model) -> None:
    events = [(31.04, 32.0), (300.16, 302.08), (599.04, 600.0)]
    clip = by_hand(model, 600.0, {"a dog barks": events})

    moments = model.moments("a dog barks", clip, limit=3)

    found = sorted((moment.start_s, moment.end_s) for moment in moments)
    assert found == [pytest.approx(event) for event in events]
    for moment in moments:
        (phrase,) = moment.grounding.phrases
        assert phrase.frame_edges_s[0] <= moment.start_s < moment.end_s <= phrase.frame_edges_s[-1]
        assert phrase.segments[0].start_s == moment.start_s
        assert moment.grounding.score == moment.score


def test_a_moment_is_narrowed_to_what_is_wanted_not_to_what_spoils_it(model: Model) -> None:
    events: Events = {"wind": [(0.96, 2.88)], "thunder": [(6.4, 8.0)]}

    moment = model.moments("wind without thunder", by_hand(model, 10.0, events))[0]

    assert (moment.start_s, moment.end_s) == pytest.approx((0.96, 2.88))
    assert times(moment.grounding.phrases[1]) == [pytest.approx((6.4, 8.0))]


def test_a_sound_that_a_window_cuts_is_shown_whole(model: Model) -> None:
    clip = by_hand(model, 30.0, {"a dog barks": [(8.0, 20.0)]})

    moments = model.moments("a dog barks", clip, limit=2)

    assert (moments[0].start_s, moments[0].end_s) == pytest.approx((8.0, 20.0))
    assert times(moments[0].grounding.phrases[0]) == [pytest.approx((8.0, 20.0))]
    assert all(later.start_s >= 20.0 or later.end_s <= 8.0 for later in moments[1:])


def test_of_a_minute_the_moment_is_the_two_sounds_that_follow_each_other(model: Model) -> None:
    dogs = [(6.08, 7.04), (24.0, 25.92), (52.0, 52.96)]
    rain = [(2.08, 4.0), (41.92, 44.0), (56.0, 57.92)]
    clip = by_hand(model, 60.0, {"a dog barks": dogs, "rain falls": rain})

    moment = model.moments("a dog barks, then rain falls", clip)[0]

    assert (moment.start_s, moment.end_s) == pytest.approx((52.0, 57.92))


def test_unrelated_scenes_in_a_row_are_no_better_an_order_than_the_best_of_them(
    tiny_bundle: Bundle,
) -> None:
    """Noise, of which a minute offers ten times as many orders as a window does."""
    model = Model(tiny_bundle, threads=1)
    caption = model.encode_text("a dog barks, then rain falls")
    rng = np.random.default_rng(3)

    def noisy(duration_s: float) -> Clip:
        clip = by_hand(model, duration_s, {"a dog barks": []})
        return replace(clip, frames=rng.normal(0.0, 0.1, clip.frames.shape).astype(np.float32))

    def scores(caption: EncodedCaption, clips: list[Clip]) -> NDArray[np.float64]:
        return np.array([model.ground(caption, clip).score for clip in clips])

    minutes = [noisy(60.0) for _ in range(10)]
    scenes = scores(caption, [noisy(10.0) for _ in range(60)]).reshape(10, 6).max(axis=1)

    assert scores(caption, minutes).mean() < scenes.mean() + scenes.std()
    assert scores(replace(caption, wide_gain=0.0), minutes).mean() > scenes.mean() + scenes.std()
    assert model.encode_text("a dog barks").wide_gain == 0.0


def test_what_must_not_sound_makes_far_no_better_than_near(model: Model) -> None:
    near = {"a dog barks": [(52.0, 52.96)], "rain falls": [(56.0, 57.92)], "thunder": []}
    far = {"a dog barks": [(2.0, 2.96)], "rain falls": [(50.0, 51.92)], "thunder": []}
    caption = "a dog barks, then rain falls, without thunder"

    both = {sound: [*far[sound], *near[sound]] for sound in near}
    scores = model.score([caption], [by_hand(model, 60.0, near), by_hand(model, 60.0, far)])[0]
    moment = model.moments(caption, by_hand(model, 60.0, both))[0]

    assert scores[0] > scores[1]
    assert (moment.start_s, moment.end_s) == pytest.approx((52.0, 57.92))


def test_where_nothing_is_wanted_a_moment_is_its_window(model: Model) -> None:
    clip = by_hand(model, 40.0, {"rain falls": [(0.0, 10.0)]})

    moments = model.moments("without rain falls", clip)

    assert moments[0].start_s >= 10.0
    assert all(one.end_s - one.start_s <= 10.24 + 1e-6 for one in moments)


def test_a_sound_of_the_window_before_is_none_of_this_one(model: Model) -> None:
    events: Events = {"a dog barks": [(2.08, 3.04)], "rain falls": [(12.0, 14.08)]}

    moments = model.moments("a dog barks and rain falls", by_hand(model, 30.0, events), limit=4)

    found = {(round(one.start_s, 2), round(one.end_s, 2)) for one in moments}
    assert (2.08, 3.04) in found
    assert (12.0, 14.08) in found


def test_a_muted_phrase_is_shown_in_a_moment_of_a_long_clip_but_does_not_stretch_it(
    model: Model,
) -> None:
    events: Events = {"a dog barks": [(12.0, 14.08)], "rain falls": [(15.04, 16.96)]}
    caption = model.encode_text("a dog barks, then rain falls")
    muted = model.refined(caption, (Emphasis.NORMAL, Emphasis.MUTED))

    moment = model.moments(muted, by_hand(model, 30.0, events))[0]

    assert (moment.start_s, moment.end_s) == pytest.approx((12.0, 14.08))
    assert times(moment.grounding.phrases[1]) == [pytest.approx((15.04, 16.96))]


def test_as_many_moments_as_asked_for(model: Model) -> None:
    clip = by_hand(model, 600.0, {"a dog barks": [(100.0, 101.0)]})

    assert len(model.moments("a dog barks", clip, limit=1)) == 1
    assert len(model.moments("a dog barks", clip, limit=5)) == 5


@pytest.mark.parametrize("duration_s", [23.04, 60.0, 68.8])
def test_a_wide_moment_shows_spans_up_to_its_last_frame(model: Model, duration_s: float) -> None:
    end = (duration_s - 1.6, duration_s)
    clip = by_hand(model, duration_s, {"a dog barks": [(12.0, 14.08)], "rain falls": [end]})

    moment = model.moments("a dog barks, then rain falls", clip)[0]

    dog, rain = moment.grounding.phrases
    assert times(dog) == [pytest.approx((12.0, 14.08))]
    assert times(rain) == [pytest.approx(end)]
    assert (moment.start_s, moment.end_s) == pytest.approx((12.0, duration_s))


# Loading


def test_a_bundle_is_loaded_by_its_folder(tiny_bundle: Bundle) -> None:
    assert load_bundle(tiny_bundle.path, threads=1).bundle.name == "tiny"


@pytest.mark.parametrize(
    "file", ["audio.onnx", "text.onnx", "align.onnx", "tokenizer.json", "background_frames.npy"]
)
def test_a_damaged_file_is_named_when_a_bundle_is_loaded(
    tiny_bundle: Bundle, tmp_path: Path, file: str
) -> None:
    folder = Path(shutil.copytree(tiny_bundle.path, tmp_path / "damaged"))
    (folder / file).write_bytes(b"not what it was")

    with pytest.raises(TokenAlignError, match=file):
        load_bundle(folder, threads=1)
