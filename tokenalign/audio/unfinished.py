"""Reading a WAV file whose recorder lost its power before it wrote how long the audio is."""

from __future__ import annotations

from os import SEEK_SET
from typing import BinaryIO

UNKNOWN_SIZE = b"\xff\xff\xff\xff"


class UnfinishedWav:
    """The file as it is, but for a length of 0 that reads as "unknown".

    libsndfile takes 0 for "no samples", and "unknown" for "up to the end of the file". The file
    itself is not touched.
    """

    def __init__(self, file: BinaryIO, zero_size_at: int) -> None:
        self._file = file
        self._size_at = zero_size_at

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Move as the file itself would."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Say where the file stands."""
        return self._file.tell()

    def read(self, size: int) -> bytes:
        """Read up to `size` bytes."""
        start = self._file.tell()
        content = self._file.read(size)
        patched = bytearray(content)
        for i, byte in enumerate(UNKNOWN_SIZE, self._size_at - start):
            if 0 <= i < len(patched):
                patched[i] = byte
        return bytes(patched)
