"""Errors in the window's words: what is wrong and what to do about it, here and not in a shell."""

from __future__ import annotations

from app.desktop.actions import with_keys
from tokenalign.errors import TokenAlignError

_COMMANDS = {
    "tokenalign index FOLDER": with_keys("Add folder", "add_folder"),
    "tokenalign index": with_keys("Rescan folders", "rescan"),
    "tokenalign status": "the library panel",
}
"""The terminal's commands that hints name, and what does the same in the window."""


def trouble_text(error: TokenAlignError) -> str:
    """What is wrong, and the remedy as a sentence of its own."""
    message, hint = error.message.rstrip(), remedy_text(error)
    if not hint:
        return message
    ended = message if message.endswith((".", "!", "?", "…")) else f"{message}."
    return f"{ended} {hint[0].upper()}{hint[1:]}"


def remedy_text(error: TokenAlignError) -> str:
    """What to do about it; empty if nothing is known."""
    hint = error.hint.strip()
    for command, here in _COMMANDS.items():
        hint = hint.replace(command, here)
    return hint
