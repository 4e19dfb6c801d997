"""Engines that keep one library for several machines: what the contract is held against."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from qdrant_client import QdrantClient

from tests.tokenalign.library.fakes import WIDTH, FakeBundle, FakeModel, InlineDecoder, run
from tokenalign.frame_codec import ResidualCodes
from tokenalign.library import Library, SearchAnswer
from tokenalign.shared import ShareReport
from tokenalign.shared.address import Address
from tokenalign.shared.library import SharedLibrary

SERVER = "QDRANT_URL"
"""The environment's variable with the address of a server to test on, as http://localhost:6333."""


def coded_model(*, identity: str = "a" * 64, name: str = "fake") -> FakeModel:
    """One that stores frames as the nearest band and what is left of it, to a quarter at worst."""
    steps = np.array([[a, b, c, d] for a in _STEPS for b in _STEPS for c in _STEPS for d in _STEPS])
    residuals = np.stack([steps, steps]).astype(np.float32)
    codec = ResidualCodes(np.eye(WIDTH, dtype=np.float32), residuals)
    return FakeModel(FakeBundle(name=name, identity=identity, frame_codec=codec))


_STEPS = (-0.25, 0.0, 0.25, 0.5)


class Machine(Protocol):
    """One of those that share the library."""

    def index(self, paths: Sequence[Path], model: FakeModel) -> None:
        """Take files in, or look at all folders again."""

    def search(
        self, caption: str, model: FakeModel, *, limit: int = 10, where: str = ""
    ) -> SearchAnswer:
        """Ask the library that all share."""


@dataclass
class LocalMachine:
    """One process of several that have the same folder open."""

    library: Library

    def index(self, paths: Sequence[Path], model: FakeModel) -> None:
        run(self.library.index(paths, model))

    def search(
        self, caption: str, model: FakeModel, *, limit: int = 10, where: str = ""
    ) -> SearchAnswer:
        return self.library.search(caption, model, limit=limit, where=where)


@dataclass
class SharingMachine:
    """A machine with a library of its own, which it shares; reports are kept."""

    own: Library
    shared: SharedLibrary
    reports: list[ShareReport] = field(default_factory=list)

    def index(self, paths: Sequence[Path], model: FakeModel) -> None:
        run(self.own.index(paths, model, forget_gone=True))
        self.reports.append(run(self.shared.share(model)))

    def search(
        self, caption: str, model: FakeModel, *, limit: int = 10, where: str = ""
    ) -> SearchAnswer:
        return self.shared.search(caption, model, limit=limit, where=where)


@dataclass
class LocalEngine:
    """One folder."""

    folder: Path
    stack: ExitStack

    def machine(self, name: str) -> LocalMachine:
        return LocalMachine(_opened(self.folder / "library", self.stack))


@dataclass
class ServerEngine:
    """One collection, in this process or on a server."""

    folder: Path
    stack: ExitStack
    client: QdrantClient
    address: Address

    def machine(self, name: str) -> SharingMachine:
        own = _opened(self.folder / name, self.stack)
        shared = SharedLibrary(self.client, self.address, self.folder / name, machine=name)
        return SharingMachine(own, shared)


def server_engine(folder: Path, stack: ExitStack, *, url: str = "") -> ServerEngine:
    """A new collection on the server at a URL, or without one in this process."""
    if not url:
        client = QdrantClient(":memory:")
    else:
        client = QdrantClient(url=url, api_key=os.environ.get("QDRANT_API_KEY"))
    address = Address.parse(f"qdrant://localhost/test-{uuid.uuid4().hex}")
    stack.callback(client.close)
    stack.callback(client.delete_collection, address.collection)
    return ServerEngine(folder, stack, client, address)


def _opened(data_dir: Path, stack: ExitStack) -> Library:
    decoder = InlineDecoder()
    return stack.enter_context(Library.open(data_dir, decoder=lambda _: decoder))
