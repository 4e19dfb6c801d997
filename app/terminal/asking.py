"""What a search asks, and of whom: the shared library, if one was named, or this machine's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from app.session import Session
from tokenalign.library import SearchAnswer
from tokenalign.query import parse, telling_words


@dataclass(frozen=True)
class Example:
    """A sound to look for others like it.

    Attributes:
        path: of the sound.
        start_s: where the part that counts begins; None for the start.
        end_s: where it ends; None for the end.
    """

    path: Path
    start_s: float | None
    end_s: float | None


def question_of(
    caption: str | None, like: Path | None, start_s: float | None, end_s: float | None
) -> str | Example:
    """What the arguments of a command ask for: a caption, or an example.

    Raises:
        UsageError: they ask for both, or for nothing.
    """
    if like is not None and caption is not None:
        raise click.UsageError("--like FILE stands in place of a CAPTION.")
    if like is not None:
        return Example(like.absolute(), start_s, end_s)
    if (start_s, end_s) != (None, None):
        raise click.UsageError("--from and --to choose a part of --like FILE.")
    if caption is None:
        raise click.UsageError("Missing argument 'CAPTION', or --like FILE.")
    return caption


def answer_to(
    session: Session, question: str | Example, *, limit: int, where: str, by_words: bool
) -> SearchAnswer:
    """What is found, by sound or by words too.

    Raises:
        UsageError: words have no say in sounds like one, or in a library shared with others.
    """
    if by_words and (isinstance(question, Example) or session.library):
        raise click.UsageError("--words goes with a CAPTION and this machine's own library.")
    if isinstance(question, Example):
        return _by_example(session, question, limit=limit, where=where)
    shared = session.open_shared()
    if shared is not None:
        with shared:
            return shared.search(question, session.load_model(), limit=limit, where=where)
    words = telling_words(parse(question)) if by_words else None
    with session.open_library() as library:
        return library.search(question, session.load_model(), limit=limit, where=where, words=words)


def _by_example(session: Session, example: Example, *, limit: int, where: str) -> SearchAnswer:
    """Sounds like one, which is encoded unless the library has it; itself is no answer."""
    if session.library:
        raise click.UsageError("--like looks in this machine's own library: leave --library out.")
    model = session.load_model()
    with session.open_library() as library:
        clip = library.clip(example.path, model) or model.encode_file(example.path)
        return library.search_like(
            clip,
            model,
            limit=limit,
            where=where,
            start_s=example.start_s,
            end_s=example.end_s,
            exclude=example.path,
        )
