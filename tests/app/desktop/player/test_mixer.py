from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from app.desktop.player.deck import Deck
from app.desktop.player.mixer import Mark, Mixer
from app.desktop.player.passages import Course
from tests.app.desktop.player.fakes import FADE, RATE, FloatArray, largest_step, numbered, sine


def pieces(samples: FloatArray) -> Iterator[FloatArray]:
    for start in range(0, len(samples), 480):
        yield samples[start : start + 480]


def deck(
    samples: FloatArray,
    *,
    ticket: int = 1,
    start: int = 0,
    follows: tuple[Deck, int] | None = None,
    blocks: int = 9999,
) -> Deck:
    """A deck of these samples, of which so many blocks have been read."""
    made = Deck(
        ticket=ticket,
        course=Course(start),
        blocks=pieces(samples),
        rate=RATE,
        follows=follows,
    )
    feed(made, blocks)
    return made


def feed(made: Deck, blocks: int) -> None:
    for _ in range(blocks):
        if made.wants_more:
            made.feed()


def hear(mixer: Mixer, samples: int, *, block: int = 480, now_s: float = 0.0) -> FloatArray:
    out = np.full((samples, 2), np.nan, dtype=np.float32)
    for start in range(0, samples, block):
        mixer.fill(out[start : start + block], now_s + start / RATE)
    return out


def playing(*, ticket: int = 1) -> Mixer:
    mixer = Mixer(rate=RATE)
    mixer.wanted = (ticket, True)
    return mixer


def test_silence_without_a_deck() -> None:
    mixer = playing()
    assert (hear(mixer, 5_000, block=4_999) == 0).all()
    assert mixer.silent
    assert mixer.mark is None


@pytest.mark.parametrize("block", [64, 480, 4_096])
def test_fades_in_and_then_plays_what_is_there(block: int) -> None:
    sound = numbered(20_000)
    mixer = playing()
    mixer.offered = deck(sound)
    heard = hear(mixer, 8_192, block=block)
    rising = np.arange(1, FADE + 1)[:, None] / FADE
    assert heard[:FADE] == pytest.approx(sound[:FADE] * rising, abs=1e-6)
    assert (heard[FADE:] == sound[FADE:8_192]).all()
    assert not mixer.silent


def test_plays_only_the_ticket_that_is_wanted() -> None:
    mixer = playing(ticket=2)
    mixer.offered = deck(numbered(20_000), ticket=1)
    assert (hear(mixer, 960) == 0).all()
    assert mixer.offered.played == 0


@pytest.mark.parametrize("block", [64, 480, 1_000])
def test_pausing_and_going_on_loses_nothing_and_does_not_click(block: int) -> None:
    tone = sine(1.0)
    mixer = playing()
    mixer.offered = tape = deck(tone)
    parts = [hear(mixer, 3_000, block=block)]
    mixer.wanted = (1, False)
    parts.append(hear(mixer, 2_000, block=block))
    assert tape.played == 3_000 + FADE
    assert (parts[1][FADE:] == 0).all()
    assert mixer.silent
    mixer.wanted = (1, True)
    parts.append(hear(mixer, 2_000, block=block))
    assert (parts[2][FADE:] == tone[3_000 + 2 * FADE :][: 2_000 - FADE]).all()
    assert largest_step(np.concatenate(parts)) < 1.1 * largest_step(tone)


def test_another_sound_fades_in_while_the_first_fades_out() -> None:
    tone, other = sine(0.5), sine(0.5, hz=700.0)
    mixer = playing()
    mixer.offered = deck(tone)
    before = hear(mixer, 2_011)
    mixer.wanted = (2, True)
    mixer.offered = deck(other, ticket=2)
    after = hear(mixer, 2_000)
    assert (after[FADE:] == other[FADE:2_000]).all()
    assert largest_step(np.concatenate([before, after])) < 1.2 * largest_step(tone)


def test_taking_the_deck_away_fades_it_out() -> None:
    mixer = playing()
    mixer.offered = deck(sine(0.5))
    before = hear(mixer, 2_011)
    mixer.offered = None
    after = hear(mixer, 960)
    assert np.abs(after[: FADE - 20]).max() > 0.1
    assert (after[FADE:] == 0).all()
    assert largest_step(np.concatenate([before, after])) < 1.1 * largest_step(sine(0.5))


def test_a_deck_that_follows_takes_over_at_the_very_sample() -> None:
    sound = sine(1.0)
    mixer = playing()
    mixer.offered = first = deck(sound)
    parts = [hear(mixer, 2_000)]
    second = deck(sound[2_000:], start=2_000, follows=(first, first.played))
    parts.append(hear(mixer, 700))  # meanwhile the first goes on
    mixer.offered = second
    parts.append(hear(mixer, 3_000))
    heard = np.concatenate(parts)
    assert np.abs(heard[FADE:] - sound[FADE:5_700]).max() < 1e-6
    assert mixer.current is second
    assert second.position_s == 5_700 / RATE


def test_a_deck_that_follows_waits_until_it_has_caught_up() -> None:
    sound = sine(1.0)
    mixer = playing()
    mixer.offered = first = deck(sound)
    parts = [hear(mixer, 2_000)]
    mixer.offered = second = deck(sound[2_000:], follows=(first, 2_000), blocks=1)
    parts.append(hear(mixer, 3_000))
    assert mixer.current is first
    feed(second, 99)
    parts.append(hear(mixer, 3_000))
    assert mixer.current is second
    assert np.abs(np.concatenate(parts)[FADE:] - sound[FADE:8_000]).max() < 1e-6


@pytest.mark.parametrize("block", [64, 480])
def test_a_reader_that_is_too_slow_makes_a_pause_but_no_click(block: int) -> None:
    tone = sine(1.0)
    mixer = playing()
    mixer.offered = tape = deck(tone, blocks=4)  # 1,920 samples
    first = hear(mixer, 3_840, block=block)
    assert (first[1_920:] == 0).all()
    feed(tape, 99)
    second = hear(mixer, 3_840, block=block)
    heard = np.concatenate([first, second])
    assert largest_step(heard) < 1.5 * largest_step(tone)  # a bare stop would be many times that
    assert tape.played - np.count_nonzero(np.abs(heard).max(axis=1) == 0) > 0
    assert (second[960:] == tone[tape.played - 2_880 : tape.played]).all()


def test_volume_moves_without_a_step() -> None:
    tone = sine(1.0)
    mixer = playing()
    mixer.offered = deck(tone)
    parts = [hear(mixer, 3_000)]
    mixer.volume_db = -20.0
    parts.append(hear(mixer, 3_000))
    assert parts[1][2_000:] == pytest.approx(tone[5_000:6_000] / 10, abs=1e-6)
    mixer.volume_db = -60.0
    parts.append(hear(mixer, 3_000))
    assert (parts[2][2_000:] == 0).all()
    assert largest_step(np.concatenate(parts)) < 1.05 * largest_step(tone)


def test_the_volume_holds_in_a_block_that_ends_in_silence() -> None:
    tone = sine(1.0)
    mixer = playing()
    mixer.volume_db = -20.0
    mixer.offered = deck(tone)
    hear(mixer, 4_800)
    mixer.wanted = (1, False)
    heard = hear(mixer, 4_096, block=4_096)
    assert 0.01 < np.abs(heard).max() <= 0.05


def test_the_volume_is_there_at_once_where_nothing_sounds() -> None:
    tone = sine(1.0)
    mixer = playing()
    mixer.volume_db = -20.0
    mixer.offered = deck(tone)
    assert hear(mixer, 960)[FADE:] == pytest.approx(tone[FADE:960] / 10, abs=1e-6)


def test_never_louder_than_full_scale() -> None:
    mixer = playing()
    mixer.volume_db = 6.0
    mixer.offered = deck(sine(0.5, peak=0.9))
    assert np.abs(hear(mixer, 4_800)).max() == 1.0


def test_what_is_heard_lags_by_the_latency() -> None:
    tape = deck(numbered(99_999))
    mark = Mark(tape, resumed=0, before=960, after=1_440, at_s=10.0)
    heard = [mark.heard(now_s, latency_s=0.01, rate=RATE) for now_s in (10.0, 10.01, 10.015, 11.0)]
    assert heard == [480, 960, 1_200, 1_440]
    resumed = Mark(tape, resumed=900, before=960, after=1_440, at_s=10.0)
    assert resumed.heard(10.0, latency_s=0.5, rate=RATE) == 900


def test_marks_tell_what_was_handed_over_last() -> None:
    mixer = playing()
    mixer.offered = tape = deck(numbered(99_999))
    hear(mixer, 960)
    assert mixer.mark == Mark(tape, 0, 480, 960, 480 / RATE)
    mixer.wanted = (1, False)
    hear(mixer, 4_800, now_s=1.0)
    assert mixer.mark == Mark(tape, 0, 960, 960 + FADE, 1.0)
    mixer.wanted = (1, True)
    hear(mixer, 960, now_s=2.0)
    assert mixer.mark == Mark(tape, 960 + FADE, 1_440 + FADE, 1_920 + FADE, 2.01)
