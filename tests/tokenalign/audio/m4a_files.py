"""M4A files, written by FFmpeg: soundfile writes none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from numpy.typing import NDArray

SAMPLES_PER_FRAME = 1024
LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1(wide)"}
FORMATS = {"float32": "fltp", "int16": "s16p", "int32": "s32p"}
"""How FFmpeg calls planes of such numbers."""

TABLE_IN_FRONT = {"movflags": "faststart"}
IN_FRAGMENTS = {"movflags": "empty_moov+frag_keyframe", "frag_duration": "500000"}


def write_m4a(
    path: Path,
    samples: NDArray[Any],
    sample_rate: int,
    *,
    container: str = "ipod",
    options: Mapping[str, str] | None = None,
    tags: Mapping[str, str] | None = None,
    uneven: bool = False,
) -> Path:
    """Write samples [S] or [S, C]: floats as AAC, integers of 16 bits (or 24, in 32) as ALAC.

    `uneven` has the times of packets off by up to some milliseconds.
    """
    planes = np.atleast_2d(samples.T)
    if planes.dtype == np.float64:
        planes = planes.astype(np.float32)
    layout, format = LAYOUTS[len(planes)], FORMATS[planes.dtype.name]
    with av.open(path, "w", format=container, options=dict(options or {})) as file:
        file.metadata.update(tags or {})
        track = _track(file, "aac" if format == "fltp" else "alac", sample_rate)
        track.layout, track.format = layout, format
        for start in range(0, planes.shape[1], SAMPLES_PER_FRAME):
            part = np.ascontiguousarray(planes[:, start : start + SAMPLES_PER_FRAME])
            frame = av.AudioFrame(format=format, layout=layout, samples=part.shape[1])
            for plane, channel in zip(frame.planes, part, strict=False):  # see `mp4._samples`
                plane.update(channel.tobytes())
            frame.sample_rate, frame.pts = sample_rate, start
            file.mux([_delayed(packet) if uneven else packet for packet in track.encode(frame)])
        file.mux(track.encode(None))
    return path


def _delayed(packet: Packet[Any]) -> Packet[Any]:
    assert packet.pts is not None
    packet.pts = packet.dts = packet.pts + packet.pts // SAMPLES_PER_FRAME % 5 * 60
    return packet


def write_silent_m4a(path: Path, codec: str, *, sample_rate: int) -> Path:
    """A frame of silence in MP4, by any codec."""
    with av.open(path, "w", format="mp4") as file:
        track = _track(file, codec, sample_rate)
        track.layout = "stereo"
        silence = np.zeros((2, track.codec_context.frame_size or SAMPLES_PER_FRAME), np.float32)
        frame = av.AudioFrame.from_ndarray(silence, format="fltp", layout="stereo")
        frame.sample_rate = sample_rate
        file.mux([*track.encode(frame), *track.encode(None)])
    return path


def _track(file: OutputContainer, codec: str, sample_rate: int) -> AudioStream:
    track = file.add_stream(codec, rate=sample_rate)
    assert isinstance(track, AudioStream)
    if codec == "aac":  # no noise that the decoder makes up, each time another
        track.codec_context.options = {"aac_pns": "0"}
    return track


def decoded_by_ffmpeg(path: Path) -> NDArray[Any]:
    """All that FFmpeg gives, [C, S], without a seek."""
    with av.open(path) as file:
        return np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], axis=1)
