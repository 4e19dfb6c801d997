from __future__ import annotations

import pytest

from trainer.paired.swapping import in_wrong_order


@pytest.mark.parametrize(
    ("caption", "wrong"),
    [
        ("a dog barks, then rain falls", "rain falls, then a dog barks"),
        ("a dog barks after rain falls", "rain falls after a dog barks"),
        ("a dog barks while rain falls", None),
        ("a dog barks and rain falls", None),
        ("a dog barks", None),
        ("a dog barks, then a dog barks", None),
        ("", None),
    ],
)
def test_phrases_in_turn_change_places(caption: str, wrong: str | None) -> None:
    assert in_wrong_order(caption) == wrong
