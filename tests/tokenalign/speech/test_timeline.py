from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokenalign.speech.timeline import NO_WORD, Span, confidences, salience, timeline, within

HOP_S = 0.02
Attention = NDArray[np.float64]


def looking_at(spans: Sequence[tuple[int, int]], frames: int, heads: int = 2) -> Attention:
    """Attention [H, L, M]: each row evenly on its own frames, a little of it on all."""
    rows = np.full((len(spans), frames), 1e-3)
    for row, (start, end) in zip(rows, spans, strict=True):
        row[start:end] = 1.0
    return np.stack([rows / rows.sum(axis=1, keepdims=True)] * heads)


def frames_of(span: Span | None) -> tuple[int, int]:
    assert span is not None
    return round(span.start_s / HOP_S), round(span.end_s / HOP_S)


def naive_salience(attention: Attention) -> Attention:
    """The formulas, element by element."""
    heads, rows, frames = attention.shape
    mean = np.zeros((rows, frames))
    for head in attention:
        scores = np.zeros((rows, frames))
        for frame in range(frames):
            column = head[:, frame]
            scores[:, frame] = (column - column.mean()) / max(column.std(), 1 / frames)
        for row in range(rows):
            for frame in range(frames):
                near = [abs(place) for place in range(frame - 3, frame + 4)]
                near = [p if p < frames else 2 * (frames - 1) - p for p in near]
                mean[row, frame] += np.median(scores[row, near]) / heads
    return mean


def test_salience_is_as_its_formulas_say() -> None:
    attention = np.random.default_rng(1).dirichlet(np.ones(23), size=(3, 5))

    np.testing.assert_allclose(salience(attention), naive_salience(attention), atol=1e-12)


def test_a_frame_that_all_rows_look_at_tells_nothing() -> None:
    attention = np.zeros((1, 3, 20))
    attention[:, :, 4:12] = 0.125

    assert not salience(attention).any()


def test_a_single_frame_looked_at_by_accident_goes() -> None:
    attention = looking_at([(0, 10), (10, 20)], 20, heads=1)
    stray = attention.copy()
    stray[0, 0, 15], stray[0, 1, 15] = stray[0, 1, 15], stray[0, 0, 15]

    np.testing.assert_allclose(salience(stray), salience(attention), atol=1e-9)


def test_padding_is_cut_off() -> None:
    attention = np.array([[[0.1, 0.3, 0.6], [0.0, 0.0, 1.0]]])

    np.testing.assert_allclose(within(attention, 2), [[[0.25, 0.75], [0.0, 0.0]]])


def test_confidence_is_one_for_a_single_frame_and_none_for_an_even_spread() -> None:
    even, single = np.full(8, 1 / 8), np.eye(8)[3]
    halves = np.array([0.5, 0.5, 0, 0, 0, 0, 0, 0])

    found = confidences(np.stack([even, single, halves])[None])

    np.testing.assert_allclose(found, [0.0, 1.0, 1 - np.log(2) / np.log(8)], atol=1e-12)


def test_words_are_where_their_rows_look() -> None:
    spans = [(0, 12), (12, 30), (30, 50)]

    found = timeline(looking_at(spans, 50), [0, 1, NO_WORD], 2, frame_hop_s=HOP_S)

    assert [frames_of(span) for span in found] == [(0, 12), (12, 30)]


def test_rows_of_one_word_are_one_span() -> None:
    spans = [(0, 10), (10, 20), (20, 40), (40, 50)]

    found = timeline(looking_at(spans, 50), [0, 0, 1, 2], 3, frame_hop_s=HOP_S)

    assert [frames_of(span) for span in found] == [(0, 20), (20, 40), (40, 50)]


def test_the_silence_before_the_first_word_and_behind_the_last_is_nobodys() -> None:
    found = timeline(looking_at([(20, 30), (30, 45)], 60), [0, 1], 2, frame_hop_s=HOP_S)

    assert [frames_of(span) for span in found] == [(20, 30), (30, 45)]


def test_a_single_word_is_found() -> None:
    found = timeline(looking_at([(20, 30)], 60), [0], 1, frame_hop_s=HOP_S)

    assert [frames_of(span) for span in found] == [(20, 30)]


def test_a_word_without_rows_has_no_span_and_its_neighbours_do_not_take_its_time() -> None:
    found = timeline(looking_at([(0, 10), (30, 40), (40, 50)], 50), [0, 2, 3], 5, frame_hop_s=HOP_S)

    assert found[1] is None
    assert found[4] is None
    assert [frames_of(found[word]) for word in (0, 2, 3)] == [(0, 10), (30, 40), (40, 50)]


def test_silent_frames_are_taken_off_both_ends() -> None:
    sounding = np.ones(50, np.bool_)
    sounding[:4] = sounding[17:22] = sounding[40:] = False

    found = timeline(
        looking_at([(0, 20), (20, 50)], 50), [0, 1], 2, frame_hop_s=HOP_S, sounding=sounding
    )

    assert [frames_of(span) for span in found] == [(4, 17), (22, 40)]


def test_a_word_where_all_is_silent_has_no_span() -> None:
    sounding = np.ones(50, np.bool_)
    sounding[20:35] = False

    found = timeline(
        looking_at([(0, 20), (20, 35), (35, 50)], 50), [0, 1, 2], 3,
        frame_hop_s=HOP_S, sounding=sounding,
    )  # fmt: skip

    assert found[1] is None
    assert (frames_of(found[0]), frames_of(found[2])) == ((0, 20), (35, 50))


def test_with_an_open_end_words_behind_the_last_frame_have_no_span() -> None:
    within_reach = [(0, 20), (20, 35), (35, 50)]
    # Rows whose words sound later look anywhere.
    attention = np.concatenate([looking_at(within_reach, 50), np.full((2, 3, 50), 1 / 50)], axis=1)

    found = timeline(attention, [0, 1, 2, 3, 4, NO_WORD], 5, frame_hop_s=HOP_S, open_end=True)

    assert [frames_of(span) for span in found[:3]] == within_reach
    assert found[3:] == (None, None)


def test_an_open_end_reaches_the_last_word_where_all_are_there() -> None:
    spans = [(0, 20), (20, 35), (35, 50)]

    found = timeline(looking_at(spans, 50), [0, 1, 2], 3, frame_hop_s=HOP_S, open_end=True)

    assert [frames_of(span) for span in found] == spans


def test_more_rows_than_frames_still_give_every_word_a_frame() -> None:
    found = timeline(np.full((1, 6, 2), 0.5), list(range(6)), 6, frame_hop_s=HOP_S)

    for span in found:
        start, end = frames_of(span)
        assert 0 <= start < end <= 2


def test_without_a_median_filter_short_rows_are_kept() -> None:
    attention = looking_at([(0, 20), (20, 22), (22, 50)], 50)
    spans = timeline(attention, [0, 1, 2], 3, frame_hop_s=HOP_S, median_frames=1)
    assert frames_of(spans[1]) == (20, 22)
    assert (salience(attention)[1, 20:22] < 0).all()
    assert (salience(attention, 1)[1, 20:22] > 0).all()
