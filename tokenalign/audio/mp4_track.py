"""The audio track of an MP4 file, out of which FFmpeg decodes frames from any time on.

FFmpeg comes with PyAV, which not everybody has: this is imported only to open such a file.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from os import SEEK_END, SEEK_SET
from pathlib import Path
from typing import BinaryIO, cast

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard

from tokenalign.audio.opening import CONVERT, COPY_AGAIN, os_errors_named
from tokenalign.errors import AudioFileError

CODECS_READ = ("aac", "alac")
PROTECTED = ("drms", "enca", "aavd")
"""What stands in place of a codec where the samples are encrypted."""

OPTIONS = {"codec_whitelist": ",".join(CODECS_READ)}
"""FFmpeg looks into all tracks of a file, and would try any of its many decoders on them."""

RUN_UP_S = 0.5
"""AAC adds to each packet what the one before left over, and some of its tools reach further."""

MOST_CHANNELS = 8
"""PyAV finds the planes of more only by luck."""

MOST_SAMPLES_PER_PACKET = 1 << 14
"""AAC has up to 2,048 in a packet, ALAC 4,096."""


class Mp4Track:
    """The first audio track of a file.

    Samples are counted by the file's clock, from the first that is meant to be heard: encoders
    put some before it, and fill the last packet.

    Args:
        path: for errors.
        file: the bytes, not to be read by others until `close`, which leaves it open.

    Attributes:
        samplerate: in Hz.
        channels: how many.
        subtype: ``AAC``, or in libsndfile's words ``ALAC_16``, ``ALAC_24`` and so on.
        samples: of each channel, in the packets that the file holds.
        kept: the fraction of the promised samples that these are.

    Raises:
        AudioFileError: there is nothing to decode, or the drive failed.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._file_bytes = file.seek(0, SEEK_END)
        file.seek(0)
        self._source = _Source(file)
        with self._errors_named():
            self._container = cast(
                InputContainer,
                av.open(self._source, format="mov", options=OPTIONS, metadata_errors="replace"),
            )
        try:
            with self._errors_named():
                self._stream = self._first_audio()
                self.subtype = self._readable_codec()
                self._index_all_packets()
                self._decode_first_frames()
                self._measure()
        except BaseException:
            self.close()
            raise

    def frames_from(self, start: int) -> Iterator[tuple[int, AudioFrame]]:
        """Frames with the place of their first sample: those around `start` and all behind.

        Damaged packets are left out: frames may have gaps between them.

        Raises:
            AudioFileError: the drive failed.
        """
        run_up = round(RUN_UP_S * self.samplerate)
        self._go_to(self._first_tick + int((start - run_up) / self._samples_per_tick))
        end = None
        for frame in self._frames():
            at = self._place_of(frame.pts or 0)
            # Clocks of recorders are uneven: only where a packet is missing is there a gap.
            if end is not None and abs(at - end) < self._frame_samples / 2:
                at = end
            end = at + frame.samples
            if end > start and _rate_and_channels(frame) == (self.samplerate, self.channels):
                yield at, frame

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def _first_audio(self) -> AudioStream:
        """The track to decode; the others are stepped over."""
        streams = self._container.streams
        if not streams.audio:
            raise self._refused("no AAC or ALAC in it", CONVERT)
        for other in streams:
            if other.index != streams.audio[0].index:
                other.discard = Discard.all
        return streams.audio[0]

    def _readable_codec(self) -> str:
        """How the samples are coded, if that is read."""
        codec: AudioCodecContext | None = self._stream.codec_context
        if codec is None:  # nobody knows it
            raise self._refused("no AAC or ALAC in it", CONVERT)
        if codec.codec_tag in PROTECTED:
            raise self._protected()
        if codec.name not in CODECS_READ:
            raise self._refused(f"{codec.codec.canonical_name} in M4A is not supported", CONVERT)
        codec.thread_count = 1
        if codec.name == "aac":
            return "AAC"
        samples_per_packet, bits = _alac_numbers(codec.extradata or b"")
        if samples_per_packet > MOST_SAMPLES_PER_PACKET:
            raise self._damaged()
        return f"ALAC_{bits}"

    def _index_all_packets(self) -> None:
        """Of a file in fragments, FFmpeg knows only the packets that it has come by."""
        self._index = self._stream.index_entries
        if not self._stream.frames:
            for _ in self._packets():
                pass
        if not len(self._index):
            raise self._refused("no audio in it, only a header", COPY_AGAIN)

    def _decode_first_frames(self) -> None:
        """Learn what the header may tell wrongly: AAC can double rate and channels it gives."""
        first_packet_tick = self._index[0].timestamp
        self._go_to(first_packet_tick)
        if any(packet.has_sidedata("encryption_info") for packet in islice(self._packets(), 1)):
            raise self._protected()
        self._go_to(first_packet_tick)
        frames = list(islice(self._frames(), 2))
        if not frames or not self._stream.time_base:
            raise self._refused("no audio in it that can be decoded", COPY_AGAIN)
        self.samplerate, self.channels = _rate_and_channels(frames[-1])
        if self.channels > MOST_CHANNELS:
            reason = f"{self.channels} channels; up to {MOST_CHANNELS} are read of M4A"
            raise self._refused(reason, "Export it with fewer channels.")
        self._samples_per_tick = self._stream.time_base * self.samplerate
        self._first_tick = frames[0].pts or 0
        self._frame_samples = max(frame.samples for frame in frames)

    def _measure(self) -> None:
        """Compare what the header promises with the packets that end before the file does."""
        index = self._index
        held = bisect_left(
            range(len(index)), True, key=lambda i: index[i].pos + index[i].size > self._file_bytes
        )
        whole = held == len(index)
        last_end = self._place_of(index[-1].timestamp) + self._frame_samples
        end = last_end if whole else self._place_of(index[held].timestamp)
        promised = round((self._stream.duration or 0) * self._samples_per_tick) or last_end
        self.samples = max(0, min(promised, end))
        self.kept = 1.0 if whole else self.samples / max(1, promised)
        if self.samples > len(index) * MOST_SAMPLES_PER_PACKET:
            raise self._damaged()

    def _frames(self) -> Iterator[AudioFrame]:
        """Decode from here on."""
        for packet in self._packets():
            if not packet.is_corrupt:
                with suppress(av.FFmpegError):
                    yield from packet.decode()

    def _packets(self) -> Iterator[Packet[AudioStream]]:
        with suppress(av.FFmpegError):  # behind which nothing can be found
            yield from self._container.demux(self._stream)
        self._raise_if_drive_failed()

    def _go_to(self, tick: int) -> None:
        with self._errors_named():
            self._container.seek(tick, stream=self._stream)

    def _place_of(self, tick: int) -> int:
        """The sample at a time of the file's clock."""
        return round((tick - self._first_tick) * self._samples_per_tick)

    @contextmanager
    def _errors_named(self) -> Iterator[None]:
        """Turn errors over what is in the file, numbers and names among it, into the library's."""
        try:
            yield
        except (av.FFmpegError, UnicodeError, OverflowError) as error:
            self._raise_if_drive_failed()
            raise self._damaged() from error

    def _raise_if_drive_failed(self) -> None:
        with os_errors_named(self._path):
            if self._source.failure:
                raise self._source.failure

    def _damaged(self) -> AudioFileError:
        return self._refused("damaged, or cut short before its table of packets", COPY_AGAIN)

    def _protected(self) -> AudioFileError:
        return self._refused("protected against copying (DRM)", "Get a copy without protection.")

    def _refused(self, reason: str, hint: str) -> AudioFileError:
        return AudioFileError(str(self._path), reason, hint)


class _Source:
    """The file as FFmpeg reads it: it ends where the drive fails, and `failure` says why.

    PyAV prints exceptions if FFmpeg reads on after the first, as it does.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.failure: OSError | None = None

    def read(self, size: int) -> bytes:
        """Up to `size` bytes."""
        try:
            return self._file.read(size)
        except OSError as error:
            self.failure = error
            return b""

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Where the file stands then; -1 if there is no such place."""
        try:
            return self._file.seek(offset, whence)
        except OSError:
            return -1

    def tell(self) -> int:
        """Where the file stands."""
        return self._file.tell()


def _rate_and_channels(frame: AudioFrame) -> tuple[int, int]:
    return frame.sample_rate, frame.layout.nb_channels


def _alac_numbers(cookie: bytes) -> tuple[int, int]:
    """Samples in a packet and bits in a sample, by the box ``alac`` (its head and all)."""
    return int.from_bytes(cookie[12:16], "big"), int.from_bytes(cookie[17:18], "big")
