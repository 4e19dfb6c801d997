"""Captions that tell the order wrong, made from captions that tell it right."""

from __future__ import annotations

from tokenalign.query import parse


def in_wrong_order(caption: str) -> str | None:
    """The caption with its phrases in time exchanged: the first for the last, and so on.

    Exchanging the words where they stand keeps the caption's own connectives, whether it says
    "A, then B" or "B after A". None where phrases sound at once, as then an exchange may be true,
    and where fewer than two different ones sound in turn.
    """
    timed = [phrase for phrase in parse(caption).phrases if phrase.rank >= 0]
    ranks = [phrase.rank for phrase in timed]
    texts = [phrase.text for phrase in timed]
    if len(set(ranks)) < len(ranks) or texts == texts[::-1]:
        return None
    exchanged = zip(timed, reversed(texts), strict=True)
    for phrase, text in sorted(exchanged, key=lambda pair: -pair[0].start_char):
        caption = caption[: phrase.start_char] + text + caption[phrase.end_char :]
    return caption
