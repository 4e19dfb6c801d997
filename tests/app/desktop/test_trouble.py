from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.desktop.trouble import trouble_text
from tokenalign.engine import Model
from tokenalign.errors import TokenAlignError
from tokenalign.library import Library

ERRORS: dict[str, Callable[[Library, Model], object]] = {
    "no sounds in this library yet. Run: Add folder (Ctrl+O)": (
        lambda library, model: library.search("rain", model)
    ),
    "no folder is known to this library yet. Say which: Add folder (Ctrl+O)": (
        lambda library, model: list(library.index((), model))
    ),
}


@pytest.mark.parametrize("told", ERRORS)
def test_no_hint_sends_the_person_to_a_terminal(
    told: str, tmp_path: Path, tiny_model: Model
) -> None:
    with closing(Library.open(tmp_path)) as library, pytest.raises(TokenAlignError) as raised:
        ERRORS[told](library, tiny_model)
    assert "tokenalign index" in raised.value.hint
    assert trouble_text(raised.value) == f"{tmp_path}: {told}"


@pytest.mark.parametrize(
    ("message", "hint", "told"),
    [
        ("a.wav: gone", "look for the drive.", "a.wav: gone. Look for the drive."),
        ("It is gone.", "Look for it", "It is gone. Look for it"),
        ("a.wav: gone", "", "a.wav: gone"),
    ],
)
def test_message_and_remedy_are_sentences_of_their_own(message: str, hint: str, told: str) -> None:
    assert trouble_text(TokenAlignError(message, hint)) == told
