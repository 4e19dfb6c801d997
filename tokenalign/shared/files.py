"""Which machine has which files: lists in the points that several machines change at once.

The list of a point is never simply overwritten. It has a revision, a new one with each change; a
change is applied only to points that still have the revision that was read, and then looked at
again. So two machines that come to the same sound at the same time both end up in its list.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from qdrant_client import models

from tokenalign.errors import TokenAlignError
from tokenalign.shared.collection import Collection
from tokenalign.shared.points import Entry

ATTEMPTS = 10


@dataclass
class _Group:
    """Points with the same list, to be given the same one."""

    files: list[Entry]
    ids: list[str] = field(default_factory=list)


def new_revision() -> str:
    """One that no list had before."""
    return uuid.uuid4().hex


def mark_of(files: Iterable[Entry]) -> bytes:
    """What tells a machine's files of a sound from others: 16 bytes."""
    told = [[file["machine"], file["path"], file["size"], file["mtime_ns"]] for file in files]
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=16).digest()


def files_of(files: Iterable[Entry], holder: str) -> list[Entry]:
    """Those that one machine has."""
    return [file for file in files if file["holder"] == holder]


class FileLists:
    """Puts one machine's files into the lists of points, and takes them out.

    Args:
        collection: where the points are.
        holder: the machine.
    """

    def __init__(self, collection: Collection, holder: str) -> None:
        self._collection = collection
        self._holder = holder

    def settle(self, wanted: Mapping[str, Sequence[Entry]]) -> list[str]:
        """See that points name these files of this machine and no others of it.

        A point that names nobody's files any more is deleted.

        Args:
            wanted: files by id of the point.

        Returns:
            Ids of points that there are not.

        Raises:
            TokenAlignError: others change the same points all the time.
        """
        for _ in range(ATTEMPTS):
            records = self._collection.read(list(wanted), ["files", "revision"])
            groups = self._to_change(records, wanted)
            if not groups:
                return list(set(wanted) - {str(record.id) for record in records})
            for (revision, _), group in groups.items():
                self._change(group, revision)
        raise TokenAlignError(
            "other machines keep changing the same sounds", "Run the same command again later."
        )

    def _to_change(
        self, records: Sequence[models.Record], wanted: Mapping[str, Sequence[Entry]]
    ) -> dict[tuple[str, bytes], _Group]:
        """By revision, and by the files that are to be named."""
        groups: dict[tuple[str, bytes], _Group] = {}
        for record in records:
            payload, own = record.payload or {}, list(wanted[str(record.id)])
            mark = mark_of(own)
            if mark_of(files_of(payload["files"], self._holder)) != mark:
                others = [file for file in payload["files"] if file["holder"] != self._holder]
                group = groups.setdefault((payload["revision"], mark), _Group([*others, *own]))
                group.ids.append(str(record.id))
        return groups

    def _change(self, group: _Group, revision: str) -> None:
        """Give points their new list, as far as nobody else was faster."""
        unchanged = models.FieldCondition(key="revision", match=models.MatchValue(value=revision))
        points = models.Filter(must=[models.HasIdCondition(has_id=list(group.ids)), unchanged])
        client, name = self._collection.client, self._collection.name
        if group.files:
            news = {"files": group.files, "revision": new_revision()}
            client.set_payload(name, payload=news, points=points)
        else:
            client.delete(name, points_selector=models.FilterSelector(filter=points))
