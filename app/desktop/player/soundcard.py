"""The sound card, through PortAudio; nothing of it is touched before the first use."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from app.desktop.player.outputs import Fill, OutputDevice, OutputError

LATENCY_S = 0.06
"""Asked of the device: the callback is Python and at times waits for the window's thread."""

NO_PORTAUDIO = "No sound: PortAudio is missing"
INSTALL_PORTAUDIO = "install it (Debian, Ubuntu: apt install libportaudio2) and play again."
NO_DEVICE = "No sound: no output device found"
CONNECT_ONE = "connect one and play again."


class SoundCard:
    """Opens streams on the system's devices.

    PortAudio learns of devices when it starts, so it is started anew, while no stream is open,
    where a device is missing or the list is asked for.

    Args:
        load: gives the module ``sounddevice``.
    """

    def __init__(
        self, *, load: Callable[[], Any] = lambda: importlib.import_module("sounddevice")
    ) -> None:
        self._load = load
        self._open_streams = 0

    def devices(self) -> tuple[OutputDevice, ...]:
        """The outputs of the system's preferred interface.

        Raises:
            OutputError: PortAudio is missing, or there is no device.
        """
        card = self._portaudio()
        self._rescan(card)
        default = self._default(card)
        names = {
            str(device["name"]): device["index"] == default["index"]
            for device in card.query_devices()
            if device["max_output_channels"] > 0 and device["hostapi"] == default["hostapi"]
        }
        return tuple(OutputDevice(name, is_default) for name, is_default in names.items())

    def open(self, device: str | None, prepare: Callable[[int], Fill]) -> CardStream:
        """Open a stream and start it.

        Raises:
            OutputError: PortAudio or the device is missing, or the device refuses.
        """
        card = self._portaudio()
        try:
            return self._opened(card, device, prepare)
        except OutputError:
            self._rescan(card)
            return self._opened(card, device, prepare)

    def _opened(self, card: Any, device: str | None, prepare: Callable[[int], Fill]) -> CardStream:
        found = self._default(card) if device is None else self._named(card, device)
        rate = int(found["default_samplerate"])
        try:
            stream = CardStream(card, found, rate=rate, fill=prepare(rate), closed=self._on_closed)
        except card.PortAudioError as error:
            raise OutputError(
                f"{found['name']} cannot be opened", "choose another output, or play again."
            ) from error
        self._open_streams += 1
        return stream

    def _on_closed(self) -> None:
        self._open_streams -= 1

    def _portaudio(self) -> Any:
        try:
            return self._load()
        except (ImportError, OSError) as error:
            raise OutputError(NO_PORTAUDIO, INSTALL_PORTAUDIO) from error

    def _rescan(self, card: Any) -> None:
        if not self._open_streams:
            card._terminate()
            card._initialize()

    def _default(self, card: Any) -> Any:
        try:
            return card.query_devices(kind="output")
        except (card.PortAudioError, ValueError) as error:
            raise OutputError(NO_DEVICE, CONNECT_ONE) from error

    def _named(self, card: Any, name: str) -> Any:
        for device in card.query_devices():
            if device["name"] == name and device["max_output_channels"] > 0:
                return device
        raise OutputError(f"{name} is not connected", "choose another output.")


class CardStream:
    """An open stream of the sound card."""

    def __init__(
        self, card: Any, device: Any, *, rate: int, fill: Fill, closed: Callable[[], None]
    ) -> None:
        self.rate = rate
        self._fill = fill
        self._closed = closed
        self._error = card.PortAudioError
        self._stream = card.OutputStream(
            samplerate=rate,
            device=device["index"],
            channels=min(2, device["max_output_channels"]),
            dtype="float32",
            latency=LATENCY_S,
            callback=self._on_samples_wanted,
        )
        try:
            self._stream.start()
        except card.PortAudioError:
            self._stream.close(ignore_errors=True)
            raise
        self.latency_s = float(self._stream.latency)

    @property
    def active(self) -> bool:
        """Whether the device still asks for samples."""
        try:
            return bool(self._stream.active)
        except self._error:
            return False

    def now_s(self) -> float:
        """Seconds; PortAudio's own clock stands still on some systems."""
        return time.perf_counter()

    def close(self) -> None:
        """Close it without playing what is still on its way."""
        try:
            self._stream.close(ignore_errors=True)
        finally:
            self._closed()

    def _on_samples_wanted(self, out: Any, samples: int, moment: object, status: object) -> None:
        del moment, status  # underruns cannot be mended here
        if out.shape[1] == 2:
            self._fill(out, self.now_s())
            return
        stereo = np.empty((samples, 2), dtype=np.float32)
        self._fill(stereo, self.now_s())
        out[:, 0] = stereo.mean(axis=1)
