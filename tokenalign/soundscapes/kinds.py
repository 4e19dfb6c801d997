"""The register of sounds: what each is called, how it is rendered, what people say for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import soxr
from numpy.typing import NDArray

from tokenalign.soundscapes import animals, impacts, machines, signals, water, weather
from tokenalign.soundscapes.recording import edges_faded, recorded, unit
from tokenalign.soundscapes.take import CORE_RATE_HZ, Signal, Take
from tokenalign.soundscapes.wordings import WORDINGS

PEAK = 0.9
FADE_S = 0.01


@dataclass(frozen=True)
class Kind:
    """One kind of sound.

    Attributes:
        name: the key in `KINDS`.
        make: renders it into a take, at any scale.
        wordings: at least eight phrases that a person would search it by.
        esc50_label: the ESC-50 class that is the same sound, or None.
        steady: a texture that goes on, rather than events with pauses.
    """

    name: str
    make: Callable[[Take], Signal]
    wordings: tuple[str, ...]
    esc50_label: str | None
    steady: bool


def _textures() -> dict[Callable[[Take], Signal], str | None]:
    """Sounds that go on: recipe -> its ESC-50 class."""
    return {
        machines.airplane: "airplane",
        impacts.applause: "clapping",
        machines.chainsaw: "chainsaw",
        animals.crickets: "crickets",
        machines.engine: "engine",
        weather.fire: "crackling_fire",
        animals.fly_buzz: "insects",
        machines.helicopter: "helicopter",
        water.pouring_water: "pouring_water",
        weather.rain: "rain",
        water.sea_waves: "sea_waves",
        signals.siren: "siren",
        water.toilet_flush: "toilet_flush",
        machines.train: "train",
        machines.vacuum_cleaner: "vacuum_cleaner",
        machines.washing_machine: "washing_machine",
        weather.wind: "wind",
    }


def _events() -> dict[Callable[[Take], Signal], str | None]:
    """Sounds with pauses between: recipe -> its ESC-50 class."""
    return {
        signals.car_horn: "car_horn",
        animals.cat_meow: "cat",
        animals.chirping_birds: "chirping_birds",
        signals.church_bells: "church_bells",
        signals.clock_alarm: "clock_alarm",
        signals.clock_tick: "clock_tick",
        animals.cow_moo: "cow",
        animals.crow_caw: "crow",
        animals.dog_bark: "dog",
        impacts.door_creak: "door_wood_creaks",
        impacts.door_knock: "door_wood_knock",
        weather.fireworks: "fireworks",
        impacts.footsteps: "footsteps",
        animals.frog: "frog",
        impacts.glass_breaking: "glass_breaking",
        impacts.hand_saw: "hand_saw",
        impacts.keyboard_typing: "keyboard_typing",
        impacts.mouse_click: "mouse_click",
        signals.music_box: None,
        animals.owl_hoot: None,
        signals.telephone_ring: None,
        weather.thunder: "thunderstorm",
        water.water_drops: "water_drops",
    }


def _register() -> dict[str, Kind]:
    """Every kind under its name, in the order of the alphabet."""
    kinds = [
        Kind(make.__name__, make, WORDINGS[make.__name__], label, steady)
        for recipes, steady in ((_textures(), True), (_events(), False))
        for make, label in recipes.items()
    ]
    return {kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.name)}


KINDS: Mapping[str, Kind] = MappingProxyType(_register())
"""Name -> kind."""


def render(
    kind: str, *, seed: int, duration_s: float, sample_rate: int = CORE_RATE_HZ
) -> NDArray[np.float32]:
    """A sound of a kind; every seed is another recording of it.

    Args:
        kind: a key of `KINDS`.
        seed: not negative.
        duration_s: its length; what comes in events goes on coming until the end.
        sample_rate: of the result; a seed gives the same sound at each rate.

    Returns:
        [S] float32, ``S = round(duration_s * sample_rate)``, peak 0.9, faded at both ends.

    Raises:
        KeyError: no such kind.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    take = Take(rng, max(2, round(duration_s * CORE_RATE_HZ)))
    samples = at_rate(recording_of(kind, take), round(duration_s * sample_rate), sample_rate)
    return (PEAK * unit(samples)).astype(np.float32)


def recording_of(kind: str, take: Take) -> Signal:
    """A kind as a microphone heard it, at any scale, [S] at `CORE_RATE_HZ`."""
    return recorded(take, KINDS[kind].make(take))


def at_rate(core: Signal, sample_count: int, sample_rate: int) -> Signal:
    """A signal at `CORE_RATE_HZ`, centred, faded and brought to another rate, [sample_count]."""
    faded = edges_faded(core - core.mean(), FADE_S)
    if sample_rate != CORE_RATE_HZ:
        faded = soxr.resample(faded, CORE_RATE_HZ, sample_rate)
    fitted = np.zeros(sample_count)
    fitted[: min(sample_count, len(faded))] = faded[:sample_count]
    return fitted
