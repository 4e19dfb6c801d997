"""A person's sound library: catalogue, scanner, vectors on disk, search, browsing and marks."""

from tokenalign.library.browsing.browser import SoundFacts
from tokenalign.library.filtering.filters import FILTER_HELP
from tokenalign.library.library import Library
from tokenalign.library.reports import (
    BundleStatus,
    Doubt,
    Failure,
    Hit,
    IndexReport,
    RootStatus,
    SearchAnswer,
    Status,
    VerifyReport,
)

__all__ = [
    "FILTER_HELP",
    "BundleStatus",
    "Doubt",
    "Failure",
    "Hit",
    "IndexReport",
    "Library",
    "RootStatus",
    "SearchAnswer",
    "SoundFacts",
    "Status",
    "VerifyReport",
]
