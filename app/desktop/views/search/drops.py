"""What is dropped on the search field: sounds to search by, or folders to add."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

from tokenalign.library.files.scanner import suffixes_read


def dropped_paths(mime: QMimeData) -> tuple[list[Path], list[Path]]:
    """Local sounds, and local folders.

    Told apart by their names alone: asking the disk could take long on this thread.
    """
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    suffixes = suffixes_read()
    sounds = [path for path in paths if path.suffix.lower() in suffixes]
    return sounds, [path for path in paths if path not in sounds]
