"""Clauses put in order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tokenalign.query.clauses import Clause
from tokenalign.query.grammar import Join
from tokenalign.query.types import ANYTIME, NEGATED, Relation

Placed = tuple[Clause, Relation, int]
"""A clause, its relation and its rank."""

# "After A, B": what the connective before A makes of the comma before B.
_AFTER_OPENING = {Join.AFTER: Join.THEN, Join.BEFORE: Join.AFTER, Join.WHILE: Join.WHILE}


class Timeline:
    """Moments in order of time, each a list of clauses led by one that has the moment's rank."""

    def __init__(self) -> None:
        self._moments: list[list[tuple[Clause, Relation]]] = []
        self._negated: list[Clause] = []
        self._current = 0

    def add(self, clause: Clause, join: Join) -> None:
        """Place a clause relative to the one added before it."""
        if clause.negated:
            self._negated.append(clause)
        elif not self._moments:
            self._moments.append([(clause, Relation.FIRST)])
        elif join in (Join.THEN, Join.BEFORE):
            self._moments.append([(clause, Relation.THEN)])
            self._current = len(self._moments) - 1
        elif join is Join.AFTER:
            self._moments.insert(self._current, [(clause, Relation.THEN)])
        else:
            relation = Relation.WHILE if join is Join.WHILE else Relation.AND
            self._moments[self._current].append((clause, relation))

    def __iter__(self) -> Iterator[Placed]:
        """The clauses in order of time, negated ones last."""
        for rank, moment in enumerate(self._moments):
            leader, *others = moment
            yield leader[0], Relation.THEN if rank else Relation.FIRST, rank
            for clause, relation in others:
                yield clause, relation, ANYTIME if relation is Relation.AND else rank
        for clause in self._negated:
            yield clause, Relation.WITHOUT, NEGATED


def in_order_of_time(clauses: Sequence[Clause]) -> list[Placed]:
    """Place clauses on a timeline, those that open with a connective ("after A, B") too."""
    timeline = Timeline()
    opening: Join | None = None
    for place, clause in enumerate(clauses):
        join = clause.join
        if opening is not None and Join.COMMA in clause.joins and not clause.negated:
            join = opening if join is Join.AND else join
            opening = None
        if place == 0:
            opening = _AFTER_OPENING.get(join)
        timeline.add(clause, join)
    return list(timeline)
