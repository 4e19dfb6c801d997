"""The collection on the server: how it is laid out, which bundle's it is, what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qdrant_client import QdrantClient, models

from tokenalign.errors import TokenAlignError
from tokenalign.library.model import Bundle
from tokenalign.shared.address import Address
from tokenalign.shared.points import GIST, SOUNDS
from tokenalign.shared.reports import MachineStatus, SharedStatus

LAYOUT = 1
"""Changes with what a point carries."""

PAGE = 1000
"""Points asked for at once, without their vectors and frames."""

MOST_MACHINES = 1000

_MARK = "tokenalign"
_INDEXED = {
    "window": models.PayloadSchemaType.INTEGER,
    "files[].holder": models.PayloadSchemaType.KEYWORD,
    "files[].machine": models.PayloadSchemaType.KEYWORD,
    "files[].format": models.PayloadSchemaType.KEYWORD,
    "files[].duration_s": models.PayloadSchemaType.FLOAT,
    "files[].sample_rate": models.PayloadSchemaType.INTEGER,
    "files[].channels": models.PayloadSchemaType.INTEGER,
}
"""Payload that is looked up; filters by anything else go through the points."""

_FIRST_WINDOWS = models.FieldCondition(key="window", match=models.MatchValue(value=0))


class Collection:
    """One collection, which belongs to one bundle.

    Args:
        client: of the server.
        address: of the collection.

    Attributes:
        client: the same.
        name: of the collection.
    """

    def __init__(self, client: QdrantClient, address: Address) -> None:
        self.client = client
        self.name = address.collection
        self._address = address.text

    def make_ready(self, bundle: Bundle) -> None:
        """Make the collection if there is none, and check that it is this bundle's.

        Raises:
            TokenAlignError: it is another bundle's, or not of this program.
        """
        if not self.client.collection_exists(self.name):
            self._create(bundle)
        self.check(bundle)
        for field, kind in _INDEXED.items():  # the first to share may have been cut short
            self.client.create_payload_index(self.name, field, field_schema=kind)

    def check(self, bundle: Bundle) -> None:
        """Raise `TokenAlignError` unless the collection is there, and for this bundle."""
        found = self._mark()
        if found["bundle"] != bundle.identity:
            raise TokenAlignError(
                f"{self._address}: encoded for another bundle, {found['name']!r}, not for"
                f" {bundle.name!r} as it is installed here",
                f"Use the bundle that all use there (--bundle {found['name']}, the same version of"
                " it), or another collection: each belongs to one bundle.",
            )

    def status(self) -> SharedStatus:
        """What it holds."""
        mark = self._mark()
        first = models.Filter(must=[_FIRST_WINDOWS])
        machines = self.client.facet(
            self.name, "files[].machine", facet_filter=first, limit=MOST_MACHINES, exact=True
        )
        return SharedStatus(
            address=self._address,
            bundle=mark["name"],
            sounds=self.client.count(self.name, count_filter=first, exact=True).count,
            windows=self.client.count(self.name, exact=True).count,
            machines=tuple(
                sorted(
                    (MachineStatus(str(hit.value), hit.count) for hit in machines.hits),
                    key=lambda machine: machine.name,
                )
            ),
        )

    def held_by(self, holder: str) -> Iterator[models.Record]:
        """The points of which somebody has files, with what is known of these."""
        condition = models.FieldCondition(
            key="files[].holder", match=models.MatchValue(value=holder)
        )
        offset: Any = None
        while True:
            records, offset = self.client.scroll(
                self.name,
                scroll_filter=models.Filter(must=[condition]),
                limit=PAGE,
                offset=offset,
                with_payload=["content", "windows", "files"],
            )
            yield from records
            if offset is None:
                return

    def read(
        self, ids: Sequence[str], carried: Sequence[str] | None = None, *, gists: bool = False
    ) -> list[models.Record]:
        """Those of some points that there are.

        Args:
            ids: of the points.
            carried: which of what they carry is wanted, None for all of it.
            gists: whether their `GIST` is wanted too.
        """
        return self.client.retrieve(
            self.name,
            ids,
            with_payload=True if carried is None else list(carried),
            with_vectors=[GIST] if gists else False,
        )

    def query(self, requests: Sequence[models.QueryRequest]) -> list[models.QueryResponse]:
        """Answers to several questions, by one way to the server and back."""
        return self.client.query_batch_points(self.name, list(requests))

    def insert(self, points: Sequence[models.PointStruct]) -> None:
        """Put points there; those that are there already stay as they are."""
        self.client.upsert(self.name, list(points), update_mode=models.UpdateMode.INSERT_ONLY)

    def _create(self, bundle: Bundle) -> None:
        half = models.Datatype.FLOAT16
        gist = models.VectorParams(size=bundle.width, distance=models.Distance.DOT, datatype=half)
        sounds = models.VectorParams(
            size=bundle.width,
            distance=models.Distance.DOT,
            datatype=half,
            on_disk=True,
            hnsw_config=models.HnswConfigDiff(m=0),
            multivector_config=models.MultiVectorConfig(
                comparator=models.MultiVectorComparator.MAX_SIM
            ),
        )
        mark = {"layout": LAYOUT, "bundle": bundle.identity, "name": bundle.name}
        self.client.create_collection(
            self.name,
            vectors_config={GIST: gist, SOUNDS: sounds},
            on_disk_payload=True,
            metadata={_MARK: mark},
        )

    def _mark(self) -> dict[str, Any]:
        """What was written down of the bundle when the collection was made."""
        if not self.client.collection_exists(self.name):
            raise TokenAlignError(
                f"{self._address}: nobody has put anything there yet",
                f"Run: tokenalign index FOLDER --library {self._address}",
            )
        metadata = self.client.get_collection(self.name).config.metadata or {}
        mark: dict[str, Any] = metadata.get(_MARK, {})
        if mark.get("layout") != LAYOUT:
            raise TokenAlignError(
                f"{self._address}: not made by this version of TokenAlign",
                "Take another name for the collection, update TokenAlign, or the server: it must"
                " be Qdrant 1.17 or newer.",
            )
        return mark
