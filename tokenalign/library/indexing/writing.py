"""A library opened for writing: the one writer's catalogue and segments, for one bundle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.indexing.lock import writer_lock
from tokenalign.library.model import Bundle
from tokenalign.library.segments.writer import SegmentWriter


@dataclass(frozen=True)
class Writing:
    """What a writer works with.

    Attributes:
        catalogue: where rows go.
        segments: where vectors go, those of `bundle`.
        bundle: number of the bundle in the catalogue.
    """

    catalogue: Catalogue
    segments: SegmentWriter
    bundle: int


@contextmanager
def writing(data_dir: Path, bundle: Bundle) -> Iterator[Writing]:
    """Hold the writer's lock of the library in a folder, and let go of everything at the end.

    Raises:
        TokenAlignError: another process is writing to it.
    """
    with (
        writer_lock(data_dir / "writer.lock"),
        closing(Catalogue(data_dir / "catalogue.sqlite")) as catalogue,
    ):
        number = catalogue.put_bundle(bundle.identity, bundle.name)
        segments = SegmentWriter(
            folder=data_dir / "segments",
            identity=bundle.identity,
            width=bundle.width,
            codec=bundle.frame_codec,
            ends=catalogue.segment_ends(),
            own=catalogue.segments_of(number),
        )
        with closing(segments):
            yield Writing(catalogue, segments, number)
