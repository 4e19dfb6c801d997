"""Every kind renders cleanly, repeats by seed, and varies between seeds."""

from __future__ import annotations

import numpy as np
import pytest
import soxr

from tokenalign.query.parser import parse
from tokenalign.soundscapes import KINDS, render

ESC50_LABELS = frozenset(
    """
    airplane breathing brushing_teeth can_opening car_horn cat chainsaw chirping_birds
    church_bells clapping clock_alarm clock_tick coughing cow crackling_fire crickets crow
    crying_baby dog door_wood_creaks door_wood_knock drinking_sipping engine fireworks footsteps
    frog glass_breaking hand_saw helicopter hen insects keyboard_typing laughing mouse_click pig
    pouring_water rain rooster sea_waves sheep siren sneezing snoring thunderstorm toilet_flush
    train vacuum_cleaner washing_machine water_drops wind
    """.split()  # noqa: SIM905
)


def test_there_are_forty_kinds_each_another_sound() -> None:
    labels = [kind.esc50_label for kind in KINDS.values() if kind.esc50_label]
    assert len(KINDS) == 40
    assert len(labels) == len(set(labels)) == 37
    assert set(labels) <= ESC50_LABELS
    assert all(name == kind.name for name, kind in KINDS.items())


@pytest.mark.parametrize("name", KINDS)
def test_a_sound_is_clean(name: str) -> None:
    sound = render(name, seed=3, duration_s=1.5)
    assert sound.dtype == np.float32
    assert sound.shape == (48000,)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() == pytest.approx(0.9, abs=1e-6)
    assert np.abs(sound[[0, -1]]).max() < 0.002
    assert abs(float(sound.mean())) < 0.01


@pytest.mark.parametrize("name", KINDS)
def test_a_seed_gives_the_same_sound_and_another_seed_another(name: str) -> None:
    sound = render(name, seed=5, duration_s=0.7)
    other = render(name, seed=6, duration_s=0.7)
    assert np.array_equal(sound, render(name, seed=5, duration_s=0.7))
    assert abs(np.corrcoef(sound, other)[0, 1]) < 0.8


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("duration_s", [0.01, 0.31])
def test_short_sounds_are_sounds_too(name: str, duration_s: float) -> None:
    sound = render(name, seed=1, duration_s=duration_s)
    assert len(sound) == round(duration_s * 32000)
    assert np.isfinite(sound).all()


@pytest.mark.parametrize("sample_rate", [16000, 44100, 96000])
def test_a_seed_is_the_same_sound_at_each_rate(sample_rate: int) -> None:
    sound = render("dog_bark", seed=2, duration_s=1.0, sample_rate=sample_rate)
    core = render("dog_bark", seed=2, duration_s=1.0)
    again = soxr.resample(sound, sample_rate, 32000)
    assert len(sound) == sample_rate
    assert np.corrcoef(core, again[:32000])[0, 1] > 0.98


@pytest.mark.parametrize("name", KINDS)
def test_wordings_are_single_phrases_and_no_other_kinds(name: str) -> None:
    wordings = KINDS[name].wordings
    elsewhere = {w for kind in KINDS.values() if kind.name != name for w in kind.wordings}
    assert len(set(wordings)) == len(wordings) >= 8
    assert not elsewhere & set(wordings)
    assert all(len(parse(wording).phrases) == 1 for wording in wordings)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.steady])
def test_textures_go_on(name: str) -> None:
    sound = render(name, seed=4, duration_s=4.0).astype(np.float64)
    power = (sound.reshape(-1, 3200) ** 2).mean(axis=1)
    assert (power > power.max() * 1e-4).mean() > 0.9


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        render("dragon", seed=0, duration_s=1.0)
