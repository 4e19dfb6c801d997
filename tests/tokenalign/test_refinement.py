"""Emphases: which rows are scored and shown, by hand; and what they do to a real bundle's answers.

Sounds are generated. What a trained model hears in them is not the point: every claim compares
two questions about the same sounds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tokenalign import load_bundle
from tokenalign.clip import Clip
from tokenalign.engine import Model
from tokenalign.errors import TokenAlignError
from tokenalign.query.types import ANYTIME, NEGATED, Relation
from tokenalign.refinement import Emphasis, refinement

NORMAL, REQUIRED, BOOSTED, MUTED, NEGATE, REMOVED = Emphasis
RATE_HZ = 32_000
CAPTION = "a siren, then rain and a rumble"


@pytest.fixture(scope="module")
def model() -> Model:
    return load_bundle("starter", threads=1)


@pytest.fixture(scope="module")
def clips(model: Model) -> dict[str, Clip]:
    """A wailing tone, noise, and forty seconds with one at each end."""
    time_s = np.arange(6 * RATE_HZ) / RATE_HZ
    wail = 0.3 * np.sin(2 * np.pi * 900 * time_s - 400 * np.cos(np.pi * time_s))
    noise = np.random.default_rng(3).normal(0.0, 0.2, len(time_s))
    silence = np.zeros(28 * RATE_HZ)
    sounds = {
        "siren": wail,
        "noise": noise,
        "both": np.concatenate([wail, silence, noise]),
    }
    return {name: model.encode_audio(samples, RATE_HZ) for name, samples in sounds.items()}


def scores(model: Model, caption: str, clips: dict[str, Clip], *emphases: Emphasis) -> list[float]:
    encoded = model.refined(model.encode_text(caption), emphases)
    return [model.ground(encoded, clip).score for clip in clips.values()]


def test_without_emphases_rows_are_as_the_caption_has_them() -> None:
    rank = np.array([0, 1, 1, ANYTIME, NEGATED])
    rows = refinement(rank, ())
    assert rows.shown.tolist() == rows.scored.tolist() == [0, 1, 2, 3, 4]
    assert rows.scored_rank.tolist() == rank.tolist()
    assert not rows.required.any()


def test_time_groups_close_up_behind_what_does_not_count() -> None:
    rank = np.array([0, 1, 2, 3])
    rows = refinement(rank, [REMOVED, NORMAL, MUTED, REQUIRED])
    assert rows.shown.tolist() == [1, 2, 3]
    assert rows.scored.tolist() == [1, 3]
    assert rows.scored_rank.tolist() == [0, 1]
    assert rows.required.tolist() == [False, True]


def test_a_negated_phrase_stays_and_its_group_goes() -> None:
    rows = refinement(np.array([0, 1, 2]), [NORMAL, NEGATE, NORMAL])
    assert rows.scored_rank.tolist() == [0, NEGATED, 1]
    assert rows.shown.tolist() == [0, 1, 2]


def test_a_boosted_phrase_counts_again_at_any_time_and_a_negated_one_as_such() -> None:
    rows = refinement(np.array([0, 1, NEGATED]), [NORMAL, BOOSTED, BOOSTED])
    assert rows.scored.tolist() == [0, 1, 2, 1, 2]
    assert rows.scored_rank.tolist() == [0, 1, NEGATED, ANYTIME, NEGATED]


@pytest.mark.parametrize("emphasis", [MUTED, REMOVED])
@pytest.mark.parametrize(
    ("place", "left"),
    [(0, "rain and a rumble"), (1, "a siren and a rumble"), (2, "a siren, then rain")],
)
def test_what_does_not_count_scores_as_the_caption_without_it(
    model: Model, clips: dict[str, Clip], emphasis: Emphasis, place: int, left: str
) -> None:
    emphases = [NORMAL] * 3
    emphases[place] = emphasis
    np.testing.assert_allclose(
        scores(model, CAPTION, clips, *emphases), scores(model, left, clips), atol=1e-5
    )


def test_negated_scores_as_without(model: Model, clips: dict[str, Clip]) -> None:
    negated = scores(model, "a siren and rain", clips, NORMAL, NEGATE)
    np.testing.assert_allclose(negated, scores(model, "a siren without rain", clips), atol=1e-5)
    alone = scores(model, "a siren", clips, NEGATE)
    np.testing.assert_allclose(alone, scores(model, "without a siren", clips), atol=1e-5)


def test_a_boosted_phrase_draws_the_ranking_to_where_it_sounds(
    model: Model, clips: dict[str, Clip]
) -> None:
    singly = {name: clips[name] for name in ("siren", "noise")}
    texts = "a siren", "rain"
    siren, noise = (scores(model, text, singly) for text in texts)
    assert siren[0] > siren[1]
    assert noise[1] > noise[0]
    caption = " and ".join(texts)
    raw = {}
    for emphases in [(NORMAL, NORMAL), (BOOSTED, NORMAL), (NORMAL, BOOSTED)]:
        encoded = model.refined(model.encode_text(caption), emphases)
        sirens, noises = (
            model.align(encoded, c.frames[None], c.mask[None], c.windows).score[0]
            for c in singly.values()
        )
        raw[emphases] = sirens - noises
    assert raw[BOOSTED, NORMAL] > raw[NORMAL, NORMAL] > raw[NORMAL, BOOSTED]


def test_boosting_the_only_phrase_changes_nothing(model: Model, clips: dict[str, Clip]) -> None:
    np.testing.assert_allclose(
        scores(model, "a siren", clips, BOOSTED), scores(model, "a siren", clips), atol=1e-5
    )


def test_a_required_phrase_leaves_only_moments_in_which_it_is_found(
    model: Model, clips: dict[str, Clip]
) -> None:
    encoded = model.encode_text("a siren and rain")
    required = model.refined(encoded, (REQUIRED, NORMAL))
    assert model.moments(encoded, clips["noise"])
    assert model.moments(required, clips["noise"]) == []
    assert model.ground(required, clips["noise"]).score == 0.0
    (plain,) = model.moments(encoded, clips["siren"])
    assert model.moments(required, clips["siren"])[0].score == pytest.approx(plain.score)
    assert not all(m.grounding.phrases[0].found for m in model.moments(encoded, clips["both"]))
    kept = model.moments(required, clips["both"])
    assert kept
    assert all(moment.grounding.phrases[0].found for moment in kept)


def test_a_required_absence_leaves_only_moments_without_the_phrase(
    model: Model, clips: dict[str, Clip]
) -> None:
    encoded = model.refined(model.encode_text("rain without a siren"), (NORMAL, REQUIRED))
    assert model.moments(encoded, clips["siren"]) == []
    assert len(model.moments(encoded, clips["noise"])) == 1


def test_a_grounding_shows_what_is_left_where_it_stands(
    model: Model, clips: dict[str, Clip]
) -> None:
    encoded = model.refined(model.encode_text(CAPTION), (MUTED, REMOVED, NEGATE))
    plain = model.ground(CAPTION, clips["both"])
    grounding = model.ground(encoded, clips["both"])
    assert grounding.caption == CAPTION
    assert [CAPTION[p.start_char : p.end_char] for p in grounding.phrases] == [
        "a siren",
        "a rumble",
    ]
    assert [p.relation for p in grounding.phrases] == [Relation.FIRST, Relation.WITHOUT]
    for mine, theirs in zip(grounding.phrases, (plain.phrases[0], plain.phrases[2]), strict=True):
        np.testing.assert_allclose(mine.frame_scores, theirs.frame_scores, atol=1e-6)
        assert mine.score == pytest.approx(theirs.score)
    kept = [i for i, token in enumerate(plain.tokens) if not 14 <= token.start_char < 18]
    assert grounding.tokens == tuple(plain.tokens[i] for i in kept)
    assert 0 < len(kept) < len(plain.tokens)
    np.testing.assert_allclose(grounding.attention, plain.attention[kept], atol=1e-6)


def test_a_moment_is_the_hull_of_what_counts(model: Model, clips: dict[str, Clip]) -> None:
    encoded = model.encode_text("a siren and rain")
    alone = model.moments("a siren", clips["both"])[0]
    muted = model.moments(model.refined(encoded, (NORMAL, MUTED)), clips["both"])[0]
    assert (muted.start_s, muted.end_s) == pytest.approx((alone.start_s, alone.end_s))
    assert len(muted.grounding.phrases) == 2


def test_new_emphases_take_the_place_of_the_old_ones(model: Model) -> None:
    encoded = model.encode_text("a siren and rain")
    again = model.refined(model.refined(encoded, (REMOVED, NORMAL)), ())
    assert again.emphases == ()
    assert (again.usual_score, again.score_deviation) == pytest.approx(
        (encoded.usual_score, encoded.score_deviation)
    )


def test_a_phrase_without_a_known_letter_is_unknown_as_long_as_it_counts(model: Model) -> None:
    encoded = model.encode_text("rain and ☃☃ without ☂")
    assert encoded.unknown == (1, 2)
    assert [phrase.text for phrase in encoded.unknown_phrases] == ["☃☃"]
    assert model.refined(encoded, (NORMAL, MUTED, NORMAL)).unknown_phrases == ()
    assert model.encode_text("rain and wind").unknown == ()


def test_a_phrase_that_is_like_nothing_taught_is_unknown_where_the_bundle_can_tell(
    model: Model,
) -> None:
    everything = replace(model.bundle.thresholds, familiar=-1.0)
    credulous = Model(replace(model.bundle, thresholds=everything), threads=1)

    for told, unknown in ((model, ["a gong"]), (credulous, [])):
        encoded = told.encode_text("rain falls and a gong")
        assert [phrase.text for phrase in encoded.unknown_phrases] == unknown
        assert encoded.familiarity[0] > 0.95 > 0.7 > encoded.familiarity[1]


def test_something_must_be_left_to_look_for(model: Model) -> None:
    encoded = model.encode_text("a siren and rain")
    with pytest.raises(TokenAlignError, match="muted or removed") as raised:
        model.refined(encoded, (MUTED, REMOVED))
    assert "at least one" in raised.value.hint
    with pytest.raises(ValueError, match="1 emphases for 2 phrases"):
        model.refined(encoded, (MUTED,))
