"""The shared library: one collection, as a machine sees it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from types import TracebackType

from qdrant_client import QdrantClient

from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.model import EncodedCaption, Model
from tokenalign.library.reports import SearchAnswer
from tokenalign.library.segments.reader import SegmentReader
from tokenalign.progress import Progress
from tokenalign.shared.address import Address
from tokenalign.shared.collection import Collection
from tokenalign.shared.connection import told_plainly
from tokenalign.shared.holder import known_holder, own_holder
from tokenalign.shared.reports import SharedStatus, ShareReport
from tokenalign.shared.search import SharedSearcher
from tokenalign.shared.sharing import Sharing


class SharedLibrary:
    """A library on a server, beside the machine's own; see `tokenalign.shared.open_shared`.

    All methods raise `TokenAlignError` when the server does not answer or refuses, when there is
    nothing at the address, or when it is encoded for another bundle than the model's.

    Args:
        client: of the server.
        address: of the collection.
        data_dir: folder of the machine's own library.
        machine: what people call the machine.
    """

    def __init__(
        self, client: QdrantClient, address: Address, data_dir: Path, *, machine: str
    ) -> None:
        self._client = client
        self._address = address
        self._data_dir = data_dir
        self._machine = machine
        self._collection = Collection(client, address)

    def __enter__(self) -> SharedLibrary:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def share(self, model: Model) -> Generator[Progress, None, ShareReport]:
        """Have everybody find what the machine's own library has, and no more what it has lost.

        What was indexed for the model's bundle is put up; nothing is decoded or encoded here.
        Closing the generator stops; what is done stays done, and the next run goes on from there.

        Args:
            model: whose vectors are shared; the first to share decides for which bundle.
        """
        with (
            told_plainly(self._address),
            closing(Catalogue(self._data_dir / "catalogue.sqlite")) as catalogue,
        ):
            self._collection.make_ready(model.bundle)
            sharing = Sharing(
                collection=self._collection,
                catalogue=catalogue,
                reader=SegmentReader(self._data_dir / "segments"),
                holder=own_holder(self._data_dir, self._machine),
                bundle=model.bundle,
            )
            return (yield from sharing.run())

    def search(
        self, caption: str | EncodedCaption, model: Model, *, limit: int = 10, where: str = ""
    ) -> SearchAnswer:
        """Files whose moments answer a caption, best first, whoever has them.

        Arguments and answer as in `tokenalign.library.Library.search`. A hit of which this machine
        has a copy has this machine's path; others say whose it is (`Hit.machine`).
        """
        with told_plainly(self._address):
            self._collection.check(model.bundle)
            holder = known_holder(self._data_dir, self._machine)
            searcher = SharedSearcher(self._collection, holder.id if holder else "")
            return searcher.search(caption, model, limit=limit, where=where)

    def status(self) -> SharedStatus:
        """What the library holds, and who has it."""
        with told_plainly(self._address):
            return self._collection.status()
