"""What the server keeps of a sound: a point for each window, and its files in each of them.

A point has the window's vector (``gist``), the distinct centroids of its frames (``sounds``), and
as payload all that the exact score needs: the stored frames, as the local library has them. Points
are called by the hash of the content and the number of the window, so that whoever puts a sound
there, puts the same points.

Shapes: D width, K vectors of a window, R bytes of a stored frame, W windows.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tokenalign.clip import window_starts
from tokenalign.frame_codec import SILENT, Coded, FloatArray, ResidualCodes
from tokenalign.library.catalogue.inventory import Sound
from tokenalign.library.model import Bundle

GIST, SOUNDS = "gist", "sounds"
"""Names of a point's vectors."""

Entry = dict[str, Any]
"""A file as a point knows it: ``holder``, ``machine``, ``path`` and the columns of `FACTS`."""

_POINTS = uuid.UUID("6f0b9a39-3f3d-4a55-9d1c-1b7f6f6f2c58")


@dataclass(frozen=True)
class Holder:
    """A machine that has files.

    Attributes:
        id: of its library, the same for ever.
        machine: what people call it.
    """

    id: str
    machine: str

    def entries(self, sound: Sound) -> list[Entry]:
        """The files of a sound, for its points."""
        return [
            {"holder": self.id, "machine": self.machine, "path": _carried(file.path), **file.facts}
            for file in sound.files
        ]


@dataclass(frozen=True)
class WindowPoint:
    """A window as a client reads it from its point.

    Attributes:
        content: hash of the content, in hexadecimal.
        window: its number.
        windows: how many windows the content has.
        frames: [64 or fewer, R] the stored frames.
        gist: [D].
        files: of the content.
    """

    content: str
    window: int
    windows: int
    frames: Coded
    gist: FloatArray
    files: Sequence[Entry]


def point_id(content: str, window: int) -> str:
    """What the point of a window is called."""
    return str(uuid.uuid5(_POINTS, f"{content}/{window}"))


def point_ids(content: str, windows: int) -> list[str]:
    """Those of all windows of a content."""
    return [point_id(content, window) for window in range(windows)]


def window_frames(frames: Coded, bundle: Bundle) -> list[Coded]:
    """The stored frames of a file, window by window; windows overlap."""
    starts = window_starts(len(frames), bundle.window_frames, bundle.window_hop_frames)
    return [frames[start : start + bundle.window_frames] for start in starts.tolist()]


def whole_frames(windows: Sequence[WindowPoint], bundle: Bundle) -> Coded:
    """The stored frames of a file from all its windows, in order: `window_frames` undone."""
    own = [point.frames[: bundle.window_hop_frames] for point in windows[:-1]]
    return np.concatenate([*own, windows[-1].frames])


def distinct_sounds(frames: Coded, bundle: Bundle) -> FloatArray:
    """What the server compares phrases with: the centroids [K, D] that a window's frames lie under.

    Without centroids, the frames themselves. Silence is one vector of zeros.
    """
    codec = bundle.frame_codec
    if isinstance(codec, ResidualCodes):
        numbers = np.unique(codec.numbers(frames))
        found = codec.centroids[numbers[numbers != SILENT]]
    else:
        found = codec.decode(frames)
    return found if len(found) else np.zeros((1, bundle.width), np.float32)


def payload(
    content: str, window: int, windows: int, frames: Coded, files: list[Entry], revision: str
) -> dict[str, Any]:
    """What a point carries besides its vectors.

    Args:
        content: hash in hexadecimal.
        window: its number.
        windows: how many there are.
        frames: stored frames of the window.
        files: all files of the content.
        revision: changes whenever the files do, see `tokenalign.shared.files`.
    """
    return {
        "content": content,
        "window": window,
        "windows": windows,
        "row_bytes": frames.shape[1],
        "frames": base64.b64encode(np.ascontiguousarray(frames).tobytes()).decode("ascii"),
        "files": files,
        "revision": revision,
    }


def read_point(carried: Mapping[str, Any], gist: Sequence[float]) -> WindowPoint:
    """A window from its point's payload and vector."""
    rows = np.frombuffer(base64.b64decode(carried["frames"]), np.uint8)
    return WindowPoint(
        content=carried["content"],
        window=carried["window"],
        windows=carried["windows"],
        frames=rows.reshape(-1, carried["row_bytes"]),
        gist=np.asarray(gist, np.float32),
        files=carried["files"],
    )


def _carried(path: str) -> str:
    """A path as text that JSON takes: bytes that are no UTF-8 become signs for that."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
