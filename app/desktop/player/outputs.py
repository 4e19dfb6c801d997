"""Where sound goes: what the engine asks of a sound card, or of what stands in for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenalign.errors import TokenAlignError

Fill = Callable[[NDArray[np.float32], float], None]
"""The callback: writes samples [S, 2]; the second argument is the stream's clock in seconds."""


@dataclass(frozen=True)
class OutputDevice:
    """A device to play on; it is chosen, and remembered, by its name."""

    name: str
    is_default: bool


class OutputError(TokenAlignError):
    """A device cannot be used; message and hint make one line."""


class Stream(Protocol):
    """An open stream: it asks for samples until it is closed, or its device is gone."""

    @property
    def rate(self) -> int:
        """In Hz."""

    @property
    def latency_s(self) -> float:
        """From the callback to the ears."""

    @property
    def active(self) -> bool:
        """Whether the device still asks for samples."""

    def now_s(self) -> float:
        """The clock that the callback is told."""

    def close(self) -> None:
        """End it at once; may take a moment, so not on the window's thread."""


class Output(Protocol):
    """Opens streams. All of this may take a moment, so not on the window's thread."""

    def devices(self) -> tuple[OutputDevice, ...]:
        """What there is to play on.

        Raises:
            OutputError: nothing can be played at all.
        """

    def open(self, device: str | None, prepare: Callable[[int], Fill]) -> Stream:
        """Open a stream and start it.

        Args:
            device: its name, or None for the system's default.
            prepare: takes the stream's rate and gives the callback.

        Raises:
            OutputError: that device cannot be used.
        """


def chosen_output(environment: Mapping[str, str]) -> Output:
    """The sound card; silence where ``$TOKENALIGN_AUDIO`` is ``silent``."""
    if environment.get("TOKENALIGN_AUDIO") == "silent":
        from app.desktop.player.silent import SilentOutput

        return SilentOutput()
    from app.desktop.player.soundcard import SoundCard

    return SoundCard()
