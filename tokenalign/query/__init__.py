"""A caption becomes phrases and the relations between them."""

from __future__ import annotations

from tokenalign.query.parser import parse
from tokenalign.query.telling import telling_words
from tokenalign.query.types import (
    ANYTIME,
    MAX_PHRASES,
    NEGATED,
    Phrase,
    Query,
    Relation,
)

__all__ = [
    "ANYTIME",
    "MAX_PHRASES",
    "NEGATED",
    "Phrase",
    "Query",
    "Relation",
    "parse",
    "telling_words",
]
