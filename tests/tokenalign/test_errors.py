"""What the system says becomes the end of a sentence."""

from __future__ import annotations

import errno

import pytest

from tokenalign.errors import reason_of


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "/data/1.vectors"),
            "no space left on device",
        ),
        (OSError("Cannot tell"), "cannot tell"),
    ],
)
def test_a_reason_is_never_empty_and_in_small_letters(error: OSError, reason: str) -> None:
    assert reason_of(error) == reason
