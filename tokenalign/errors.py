"""The errors that TokenAlign raises on purpose: each says what, which file, and what to do."""

from __future__ import annotations

UNREADABLE = "cannot be read"
"""Begins the reason where the system could not read a file: it says nothing of what is in it."""


def reason_of(error: OSError) -> str:
    """Why the system refused, in small letters, to stand behind what could not be done."""
    return (error.strerror or str(error)).lower()


class TokenAlignError(Exception):
    """A failure with a remedy.

    The terminal prints it as ``error: {message}`` and ``hint: {hint}``; the window shows it in
    one place. Anything else that is raised is a bug.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class AudioFileError(TokenAlignError):
    """A file that cannot be used as audio; ``reason`` is a short phrase for a list of failures."""

    def __init__(self, path: str, reason: str, hint: str = "") -> None:
        super().__init__(f"{path}: {reason}", hint)
        self.path = path
        self.reason = reason

    def __reduce__(self) -> tuple[type[AudioFileError], tuple[str, str, str]]:
        """Travel between processes: the decoder worker raises, the indexer lists."""
        return (type(self), (self.path, self.reason, self.hint))
