"""Files of many hours that take no room on the disk."""

from __future__ import annotations

import struct
from pathlib import Path


def write_silent_rf64(path: Path, *, hours: int, sample_rate: int, channels: int) -> None:
    """A file with holes for samples: it takes no room on the disk."""
    block_bytes = 2 * channels
    data_bytes = hours * 3600 * sample_rate * block_bytes
    fmt = struct.pack(
        "<HHIIHH", 1, channels, sample_rate, sample_rate * block_bytes, block_bytes, 16
    )
    sizes = struct.pack("<QQQI", data_bytes + 72, data_bytes, data_bytes // block_bytes, 0)
    with path.open("wb") as file:
        file.write(b"RF64" + b"\xff" * 4 + b"WAVE")
        file.write(b"ds64" + struct.pack("<I", len(sizes)) + sizes)
        file.write(b"fmt " + struct.pack("<I", len(fmt)) + fmt)
        file.write(b"data" + b"\xff" * 4)
        file.truncate(file.tell() + data_bytes)
