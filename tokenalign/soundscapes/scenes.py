"""Scenes: sounds placed in time, equally loud, over a faint background, with exact event times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenalign.soundscapes.kinds import KINDS, PEAK, at_rate, recording_of
from tokenalign.soundscapes.noise import noise
from tokenalign.soundscapes.recording import FRAME_SAMPLES, edges_faded, frame_power
from tokenalign.soundscapes.take import CORE_RATE_HZ, Signal, Take, add

AUDIBLE_DB = 36.0
"""A sound is cut to what lies between its first and last moment this near to its loudest. Whoever
measures the mix at 40 dB finds the same times: nothing fainter is left to argue about."""

EVENT_LEVEL = 0.1
EVENT_PEAK = 0.8
LEVEL_SPREAD_DB = 3.0
BACKGROUND_LEVEL = 0.0004
CUT_FADE_S = 0.005


@dataclass(frozen=True)
class Placement:
    """A sound to mix: its kind, when it starts, and how long it may last.

    Attributes:
        kind: a key of `KINDS`.
        start_s: when its sounding part begins.
        duration_s: the longest it lasts; sounds that die away end sooner.
    """

    kind: str
    start_s: float
    duration_s: float


@dataclass(frozen=True)
class Event:
    """What sounds when; ``text`` is one of the kind's wordings."""

    kind: str
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class Scene:
    """A mix and its truth.

    Attributes:
        samples: [S] float32, or [S, channels] for more than one.
        sample_rate: in Hz.
        events: in order of their start.
    """

    samples: NDArray[np.float32]
    sample_rate: int
    events: tuple[Event, ...]


def mix_scene(
    placements: Sequence[Placement],
    *,
    seed: int,
    duration_s: float,
    sample_rate: int = CORE_RATE_HZ,
    channels: int = 1,
) -> Scene:
    """Render sounds and mix them, each trimmed to its sounding part and put where it belongs.

    With several channels, each sound stands at a place of its own between two neighbours.

    Args:
        placements: what sounds when; all must start within the scene.
        seed: another seed gives other recordings of the same sounds.
        duration_s: length of the scene; what would reach past it is cut with a short fade.
        sample_rate: of the result.
        channels: of the result.

    Raises:
        KeyError: no such kind.
    """
    take = Take(np.random.Generator(np.random.PCG64(seed)), round(duration_s * CORE_RATE_HZ))
    mix = np.stack([BACKGROUND_LEVEL * _background(take) for _ in range(channels)])
    events = []
    for placement in sorted(placements, key=lambda placement: placement.start_s):
        sound = _levelled(take, placement, duration_s - placement.start_s)
        for channel, gain in zip(mix, _panning(take, channels), strict=True):
            add(channel, sound, placement.start_s, gain)
        events.append(_event(take, placement, len(sound)))
    count = round(duration_s * sample_rate)
    samples = np.stack([at_rate(channel, count, sample_rate) for channel in mix], axis=-1)
    samples *= min(1.0, PEAK / np.abs(samples).max())
    samples = samples[:, 0] if channels == 1 else samples
    return Scene(samples.astype(np.float32), sample_rate, tuple(events))


def _background(take: Take) -> Signal:
    """The faint noise of a quiet place."""
    return noise(take, {40: 0, 200: -6, 1000: -14, 5000: -20, 14000: -30})


def _panning(take: Take, channels: int) -> Signal:
    """Gains [channels] of a sound between two neighbouring channels, of unit power."""
    place = take.between(0.0, channels - 1.0)
    distance = np.minimum(np.abs(np.arange(channels) - place), 1.0)
    return np.asarray(np.cos(0.5 * np.pi * distance))


def _event(take: Take, placement: Placement, sample_count: int) -> Event:
    """The truth about a sound as it was mixed."""
    wordings = KINDS[placement.kind].wordings
    return Event(
        kind=placement.kind,
        start_s=placement.start_s,
        end_s=placement.start_s + sample_count / CORE_RATE_HZ,
        text=wordings[take.count(0, len(wordings) - 1)],
    )


def sounding_part(signal: Signal) -> slice:
    """From the first to the last 10 ms within `AUDIBLE_DB` of the loudest 10 ms."""
    power = frame_power(signal)
    heard = np.flatnonzero(power >= power.max() * 10 ** (-AUDIBLE_DB / 10))
    return slice(
        int(heard[0]) * FRAME_SAMPLES, min(len(signal), int(heard[-1] + 1) * FRAME_SAMPLES)
    )


def _levelled(take: Take, placement: Placement, longest_s: float) -> Signal:
    """A sound without silence around it, at the common loudness."""
    part = take.lasting(min(placement.duration_s, longest_s))
    whole = recording_of(placement.kind, part)
    sound = edges_faded(whole[sounding_part(whole)], CUT_FADE_S)
    level = EVENT_LEVEL * 10 ** (take.between(-LEVEL_SPREAD_DB, LEVEL_SPREAD_DB) / 20)
    power = frame_power(sound)
    active = power[power >= power.max() / 1000].mean()
    return sound * float(min(level / np.sqrt(active), EVENT_PEAK / np.abs(sound).max()))
