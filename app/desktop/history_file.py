"""The file of the history: read with care, for its saved searches cannot be made again."""

from __future__ import annotations

from pathlib import Path

from app.desktop.free_path import free_path
from app.desktop.models.history import History
from tokenalign.durable import write_whole
from tokenalign.errors import TokenAlignError, reason_of


class HistoryFile:
    """Reads the history, and writes it together with what other windows have kept there meanwhile.

    A file that cannot be read is never written over, and a damaged one is kept under another name.

    Args:
        path: the JSON file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known = ""  # what was read or written last; against it this window's changes show

    def read(self) -> History:
        """The history as it is kept; empty without a file.

        Raises:
            TokenAlignError: the file cannot be read, or was damaged and is kept aside; what
                becomes of it is told.
        """
        history = self._kept() or History()
        self._known = history.to_json()
        return history

    def write(self, text: str) -> None:
        """Write a history, and leave saved searches and captions of other windows in the file.

        Args:
            text: the history as JSON.

        Raises:
            TokenAlignError: as `read`; nothing is written.
            OSError: it cannot be written; the file is as it was.
        """
        history = History.from_json(text)
        if (kept := self._kept()) is not None:
            history.take_in(kept, since=History.from_json(self._known))
        write_whole(self.path, history.to_json())
        self._known = text

    def _kept(self) -> History | None:
        try:
            return History.from_json(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise TokenAlignError(
                f"{self.path}: saved searches cannot be read: {reason_of(error)}",
                "the file stays as it is; check that its drive is there and that you may read it, "
                "then open the window again",
            ) from error
        except (ValueError, RecursionError) as error:
            raise TokenAlignError(
                f"{self.path}: saved searches cannot be read, the file is damaged: {error}",
                self._set_aside(),
            ) from error

    def _set_aside(self) -> str:
        """Give a damaged file another name; in words, what became of it."""
        try:
            kept = free_path(self.path.with_suffix(".damaged"))
            self.path.replace(kept)
        except OSError:
            return "move it away: until then no search is saved"
        return f"it is kept as {kept.name}, and a new file takes its place"
