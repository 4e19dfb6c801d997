"""What a person wants of each phrase of a caption, beyond the words."""

from __future__ import annotations

from enum import StrEnum


class Emphasis(StrEnum):
    """How much a phrase counts."""

    NORMAL = "normal"
    REQUIRED = "required"
    BOOSTED = "boosted"
    MUTED = "muted"
    NEGATED = "negated"
    REMOVED = "removed"
