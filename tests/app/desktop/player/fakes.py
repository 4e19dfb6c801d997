"""What the player's tests play, and what they play it on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from app.desktop.player.engine import Engine
from app.desktop.player.outputs import Fill, OutputDevice, OutputError
from app.desktop.player.passages import Passage
from app.desktop.player.silent import SilentOutput, SilentStream

FloatArray = NDArray[np.float32]

RATE = 48_000
FADE = 192  # 4 ms


def numbered(samples: int) -> FloatArray:
    """Stereo whose every sample tells its place; left and right differ."""
    left = np.arange(1, samples + 1, dtype=np.float32) / (2 * samples)
    return np.stack([left, -left / 2], axis=1)


def sine(seconds: float, *, hz: float = 1000.0, rate: int = RATE, peak: float = 0.5) -> FloatArray:
    times = np.arange(round(seconds * rate)) / rate
    wave = (peak * np.sin(2 * np.pi * hz * times)).astype(np.float32)
    return np.stack([wave, wave], axis=1)


def largest_step(samples: FloatArray) -> float:
    """What a click would raise."""
    return float(np.abs(np.diff(samples, axis=0)).max())


def write(path: Path, samples: FloatArray, *, rate: int = RATE, subtype: str = "FLOAT") -> Path:
    soundfile.write(path, samples, rate, subtype=subtype)
    return path


def wait_until(condition: Callable[[], bool]) -> None:
    """For what another thread does."""
    deadline_s = time.monotonic() + 60.0
    while not condition():
        assert time.monotonic() < deadline_s
        time.sleep(0.005)


@dataclass
class Notes:
    """Keeps the engine's news."""

    ended: list[tuple[int, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    lists: list[tuple[OutputDevice, ...]] = field(default_factory=list)

    def finished(self, ticket: int) -> None:
        self.ended.append((ticket, ""))

    def failed(self, ticket: int, trouble: str) -> None:
        self.ended.append((ticket, trouble))

    def noted(self, trouble: str) -> None:
        self.remarks.append(trouble)

    def devices_found(self, devices: tuple[OutputDevice, ...]) -> None:
        self.lists.append(devices)


class Outlets(SilentOutput):
    """Devices by name, each with its rate; those in `broken` refuse. None is ``built-in``."""

    def __init__(self, *, by_hand: bool = True, **rates: int) -> None:
        super().__init__(by_hand=by_hand, recording=True)
        self.rates = rates or {"built_in": RATE}
        self.broken: set[str] = set()
        self.opened: list[str | None] = []

    def devices(self) -> tuple[OutputDevice, ...]:
        return tuple(OutputDevice(name, name == "built_in") for name in self.rates)

    def open(self, device: str | None, prepare: Callable[[int], Fill]) -> SilentStream:
        self.opened.append(device)
        name = device or "built_in"
        if name in self.broken or name not in self.rates:
            raise OutputError(f"{name} is not connected", "choose another output.")
        self.rate = self.rates[name]
        return super().open(device, prepare)


class Bench:
    """An engine without its thread, on an output that plays by hand, with a clock to turn."""

    def __init__(self, output: SilentOutput | None = None) -> None:
        self.output = output or Outlets()
        self.notes = Notes()
        self.now_s = 0.0
        self.engine = Engine(output=self.output, news=self.notes, clock=lambda: self.now_s)

    def play(self, passage: Passage, *, ticket: int = 1) -> None:
        self.engine.play(passage, ticket=ticket)
        self.engine.step()

    def hear(self, samples: int, *, block: int = 480) -> FloatArray:
        """What sounds next; the engine's thread has its turn after each block."""
        heard = []
        for start in range(0, samples, block):
            heard.append(self.output.render(min(block, samples - start), block=block))
            self.engine.step()
        return np.concatenate(heard)
