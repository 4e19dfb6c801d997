"""How often the parser agrees with captions labelled by hand.

``python -m tokenalign.query.agreement FILE...`` prints, for each JSON-lines file, the share of
captions whose phrases are the labelled ones, and whose relations and ranks are too, and lists the
others. The format is described beside the labels, in ``tests/tokenalign/query/README.md``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenalign.query.parser import parse

Label = tuple[str, str, int]
"""A phrase's text, relation and rank."""


@dataclass(frozen=True)
class Labelled:
    """A caption and its phrases in order of time, as a person sees them."""

    caption: str
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class Agreement:
    """How many captions agree.

    Attributes:
        captions: how many there are.
        phrases: those whose phrase texts are the labelled ones, in the labelled order.
        relations: those of them whose relations and ranks are the labelled ones too.
        others: the captions that do not agree in full, with what the parser made of them.
    """

    captions: int
    phrases: int
    relations: int
    others: tuple[tuple[Labelled, tuple[Label, ...]], ...]


def read_labels(path: Path) -> list[Labelled]:
    """Labelled captions from a JSON-lines file."""
    return [
        Labelled(
            caption=row["caption"],
            labels=tuple((one["text"], one["relation"], one["rank"]) for one in row["phrases"]),
        )
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    ]


def agreement(labelled: Iterable[Labelled]) -> Agreement:
    """Hold the parser against labels."""
    pairs = [(one, _parsed(one.caption)) for one in labelled]
    return Agreement(
        captions=len(pairs),
        phrases=sum(_texts(one.labels) == _texts(found) for one, found in pairs),
        relations=sum(one.labels == found for one, found in pairs),
        others=tuple((one, found) for one, found in pairs if one.labels != found),
    )


def _parsed(caption: str) -> tuple[Label, ...]:
    return tuple((phrase.text, phrase.relation, phrase.rank) for phrase in parse(caption).phrases)


def _texts(labels: Sequence[Label]) -> list[str]:
    return [text for text, _, _ in labels]


def _lines(path: Path, result: Agreement) -> Iterable[str]:
    for one, found in result.others:
        yield f"  {one.caption!r}"
        yield f"    label:  {one.labels}"
        yield f"    parser: {found}"
    yield (
        f"{path.name}: {result.captions} captions; phrases agree in "
        f"{result.phrases / result.captions:.1%}, phrases and relations in "
        f"{result.relations / result.captions:.1%}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the agreement on each file."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("files", nargs="+", type=Path, metavar="FILE")
    for path in options.parse_args(arguments).files:
        for line in _lines(path, agreement(read_labels(path))):
            sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
