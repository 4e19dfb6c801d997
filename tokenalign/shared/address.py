"""Where a shared library is: ``qdrant://HOST[:PORT]/COLLECTION``, or ``qdrants://`` for TLS."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from tokenalign.errors import TokenAlignError

SCHEMES = {"qdrant": "http", "qdrants": "https"}
DEFAULT_PORT = 6333
"""Of Qdrant's REST interface."""

_COLLECTION = re.compile(r"/([\w.-]+)/?")


@dataclass(frozen=True)
class Address:
    """A collection on a server.

    Attributes:
        text: as it was given, for messages.
        url: of the server.
        host: its name.
        collection: name of the collection.
    """

    text: str
    url: str
    host: str
    collection: str

    @property
    def is_private(self) -> bool:
        """Whether nobody on the way can read along: TLS, or this very machine."""
        return self.url.startswith("https:") or self.host in ("localhost", "127.0.0.1", "::1")

    @classmethod
    def parse(cls, text: str) -> Address:
        """An address from its text.

        Raises:
            TokenAlignError: it is none.
        """
        try:
            parts = urlsplit(text)
            port = parts.port or DEFAULT_PORT
        except ValueError:
            raise _wrong(text) from None
        collection = _COLLECTION.fullmatch(parts.path)
        beyond = parts.query or parts.fragment or parts.username or parts.password
        if parts.scheme not in SCHEMES or not parts.hostname or collection is None or beyond:
            raise _wrong(text)
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        url = f"{SCHEMES[parts.scheme]}://{host}:{port}"
        return cls(text, url, parts.hostname, collection[1])


def _wrong(text: str) -> TokenAlignError:
    return TokenAlignError(
        f"{text!r}: no address of a shared library",
        "Write qdrant://HOST[:PORT]/COLLECTION, or qdrants:// for TLS; the key of the server goes"
        " into the environment, as QDRANT_API_KEY.",
    )
