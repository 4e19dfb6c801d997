"""What the server can be asked is in the contract; here, what it cannot."""

from __future__ import annotations

import pytest

from tokenalign.errors import TokenAlignError
from tokenalign.shared.conditions import server_filter


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("name~door", "look inside texts"),
        ("duration<3 and favourite", "nothing of marks"),
        ("category=doors", "nothing of marks"),
        ("duration=long", "not a value"),
        ("loudness>3", "unknown field"),
    ],
)
def test_what_cannot_be_asked_is_refused(where: str, told: str) -> None:
    with pytest.raises(TokenAlignError, match=told):
        server_filter(where)
