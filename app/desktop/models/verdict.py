"""How well an answer matches, in one honest line."""

from __future__ import annotations

from collections.abc import Sequence

from app.desktop.models.text import plain_text
from app.plain import counted
from tokenalign.library import SearchAnswer


def verdict(answer: SearchAnswer) -> str:
    """What to say above the results; nothing when they match well."""
    if not answer.results:
        return ""
    if answer.unencoded:
        files = counted(answer.unencoded, "sound")
        return f"{files} not looked at: new to this model. Index the library with it."
    if answer.untaught:
        return f"This model was taught nothing like {_quoted(answer.untaught)}. {_below(answer)}"
    if answer.unknown:
        return f"None of these sounds like {_quoted(answer.unknown)}. {_below(answer)}"
    if not answer.matches_well:
        return f"Nothing matches well. {_below(answer)}"
    return ""


def _quoted(texts: Sequence[str]) -> str:
    return " or ".join(f"“{plain_text(text)}”" for text in texts)


def best_presences(answer: SearchAnswer) -> list[float]:
    """The highest presence of each phrase among the hits; 0 where none was found."""
    columns = zip(*(hit.phrases for hit in answer.results if hit.phrases), strict=False)
    return [max(phrase.score if phrase.found else 0.0 for phrase in column) for column in columns]


def _below(answer: SearchAnswer) -> str:
    """A file that is called what was typed is no guess."""
    named = sum(bool(hit.matched_words) for hit in answer.results)
    if named:
        sounds = counted(named, "sound")
        where = "name, tags or transcript"
        return f"Below: {sounds} with the words in {where}, and the nearest guesses."
    return "The nearest guesses are below."
