"""The way to the server, and its failures in plain words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from qdrant_client import QdrantClient
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from tokenalign.errors import TokenAlignError
from tokenalign.shared.address import Address

TIMEOUT_S = 60
KEY = "QDRANT_API_KEY"
"""The environment's variable with the server's key."""

_DENIED = (401, 403)


def connect(address: Address) -> QdrantClient:
    """A client of the server; it connects with the first question.

    Raises:
        TokenAlignError: a key would be sent for everybody to read.
    """
    key = os.environ.get(KEY) or None
    if key and not address.is_private:
        raise TokenAlignError(
            f"{address.host}: the server's key would be sent without encryption",
            f"Write qdrants:// instead of qdrant://, or take ${KEY} out of the environment.",
        )
    return QdrantClient(url=address.url, api_key=key, timeout=TIMEOUT_S, check_compatibility=False)


@contextmanager
def told_plainly(address: Address) -> Iterator[None]:
    """Raise what the server, or the way there, fails with as `TokenAlignError`."""
    try:
        yield
    except ResponseHandlingException as error:
        raise TokenAlignError(
            f"{address.host}: the server of the shared library does not answer ({error.source})",
            f"Check that it runs and can be reached at {address.url}, then run the same command"
            " again: nothing is lost, what was indexed on this machine is kept.",
        ) from error
    except UnexpectedResponse as error:
        if error.status_code in _DENIED:
            raise TokenAlignError(
                f"{address.host}: the server does not let this machine in",
                f"Put the server's key into the environment, as {KEY}.",
            ) from error
        raise TokenAlignError(
            f"{address.host}: the server refuses ({error.status_code}"
            f" {error.reason_phrase}: {error.content[:200].decode('utf-8', 'replace')})",
            "Look into the server's log; run the same command again when it is well: nothing is"
            " lost, what was indexed on this machine is kept.",
        ) from error
