from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from app.desktop.player.outputs import Fill, OutputDevice, OutputError, chosen_output
from app.desktop.player.silent import SilentOutput
from app.desktop.player.soundcard import SoundCard
from tests.app.desktop.player.fakes import FloatArray, wait_until


class PortAudioError(Exception):
    """What sounddevice raises."""


class FakeStream:
    """A stream of sounddevice's."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.latency = 0.05
        self.active = False
        self.closed = False

    def start(self) -> None:
        self.active = True

    def close(self, *, ignore_errors: bool) -> None:
        assert ignore_errors
        self.active = False
        self.closed = True


class FakePortAudio:
    """The parts of sounddevice that are used, with devices that come and go."""

    PortAudioError = PortAudioError

    def __init__(self, *names: str, channels: int = 2) -> None:
        self.plugged = names
        self.channels = channels
        self.refusing = False
        self.scans = 0
        self.streams: list[FakeStream] = []
        self._initialize()

    def _terminate(self) -> None:
        self.known: list[dict[str, Any]] = []

    def _initialize(self) -> None:
        self.scans += 1
        self.known = [
            {
                "index": index,
                "name": name,
                "hostapi": 1 if name.startswith("jack") else 0,
                "max_output_channels": 0 if name.startswith("mic") else self.channels,
                "default_samplerate": 44_100.0 + index,
            }
            for index, name in enumerate(self.plugged)
        ]

    def query_devices(self, kind: str | None = None) -> Any:
        if kind is None:
            return self.known
        if not self.known:
            raise PortAudioError("Error querying device -1")
        return self.known[0]

    def OutputStream(self, **options: Any) -> FakeStream:  # noqa: N802  # sounddevice's name
        if self.refusing or self.known[options["device"]]["name"] not in self.plugged:
            raise PortAudioError("Device unavailable")
        self.streams.append(FakeStream(**options))
        return self.streams[-1]


def nothing(rate: int) -> Fill:
    del rate
    return lambda out, now_s: None


def card_on(portaudio: FakePortAudio) -> SoundCard:
    return SoundCard(load=lambda: portaudio)


def test_lists_outputs_of_the_preferred_interface() -> None:
    card = card_on(FakePortAudio("Speakers", "mic", "jack out", "Headphones"))
    assert card.devices() == (OutputDevice("Speakers", True), OutputDevice("Headphones", False))


def test_opens_the_default_and_a_named_device_at_their_rates() -> None:
    portaudio = FakePortAudio("Speakers", "Headphones")
    card = card_on(portaudio)
    rates: list[int] = []

    def prepare(rate: int) -> Fill:
        rates.append(rate)
        return nothing(rate)

    first = card.open(None, prepare)
    second = card.open("Headphones", prepare)
    assert (first.rate, second.rate) == (44_100, 44_101)
    assert rates == [44_100, 44_101]
    assert first.active
    assert first.latency_s == 0.05
    assert portaudio.streams[1].options["device"] == 1
    first.close()
    assert not first.active
    assert portaudio.streams[0].closed


@pytest.mark.parametrize("channels", [1, 2])
def test_the_callback_is_filled_with_as_many_channels_as_there_are(channels: int) -> None:
    portaudio = FakePortAudio("Speakers", channels=channels)

    def fill(out: FloatArray, now_s: float) -> None:
        assert now_s > 0.0
        out[:] = [0.5, 0.25]

    card_on(portaudio).open(None, lambda _: fill)
    options = portaudio.streams[0].options
    out = np.zeros((4, options["channels"]), dtype=np.float32)
    options["callback"](out, 4, None, None)
    assert out.tolist() == [[0.375]] * 4 if channels == 1 else [[0.5, 0.25]] * 4


@pytest.mark.parametrize("error", [OSError("PortAudio library not found"), ImportError("cffi")])
def test_without_portaudio_one_line_says_what_to_install(error: Exception) -> None:
    def load() -> Any:
        raise error

    card = SoundCard(load=load)
    for use in (card.devices, lambda: card.open(None, nothing)):
        with pytest.raises(OutputError, match="PortAudio is missing") as caught:
            use()
        assert "apt install libportaudio2" in caught.value.hint


def test_without_a_device_one_line_says_so() -> None:
    card = card_on(FakePortAudio())
    with pytest.raises(OutputError, match="no output device found"):
        card.devices()
    with pytest.raises(OutputError, match="no output device found"):
        card.open(None, nothing)


def test_a_device_that_was_plugged_in_meanwhile_is_found() -> None:
    portaudio = FakePortAudio()
    card = card_on(portaudio)
    portaudio.plugged = ("Speakers",)
    assert card.open(None, nothing).active


def test_a_device_that_refuses_or_is_gone_is_named() -> None:
    portaudio = FakePortAudio("Speakers")
    card = card_on(portaudio)
    with pytest.raises(OutputError, match="Headphones is not connected"):
        card.open("Headphones", nothing)
    portaudio.refusing = True
    with pytest.raises(OutputError, match="Speakers cannot be opened"):
        card.open(None, nothing)


def test_devices_are_not_looked_for_anew_while_a_stream_is_open() -> None:
    portaudio = FakePortAudio("Speakers")
    card = card_on(portaudio)
    stream = card.open(None, nothing)
    scans = portaudio.scans
    card.devices()
    assert portaudio.scans == scans
    stream.close()
    card.devices()
    assert portaudio.scans == scans + 1


def test_a_stream_whose_device_fails_says_it_is_not_active() -> None:
    portaudio = FakePortAudio("Speakers")
    stream = card_on(portaudio).open(None, nothing)
    portaudio.streams[0].active = False
    assert not stream.active


def test_the_environment_chooses_silence() -> None:
    assert isinstance(chosen_output({"TOKENALIGN_AUDIO": "silent"}), SilentOutput)
    assert isinstance(chosen_output({}), SoundCard)


def test_silence_asks_for_samples_in_real_time() -> None:
    asked = threading.Event()
    times: list[float] = []

    def fill(out: FloatArray, now_s: float) -> None:
        out.fill(0.25)
        times.append(now_s)
        if len(times) == 5:
            asked.set()

    output = SilentOutput(rate=48_000, recording=True)
    stream = output.open(None, lambda _: fill)
    assert asked.wait(60)
    stream.close()
    assert times[:3] == pytest.approx([0.0, 0.01, 0.02])
    assert len(output.recorded()) == 480 * len(times)
    assert (output.recorded() == 0.25).all()
    wait_until(lambda: "silence" not in [thread.name for thread in threading.enumerate()])
