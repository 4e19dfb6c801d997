"""One library for several machines, on a Qdrant server; needs ``pip install 'tokenalign[shared]'``.

Nothing else in the program imports qdrant-client, and this package only when it is asked for.
"""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING

from tokenalign.errors import TokenAlignError
from tokenalign.shared.address import Address
from tokenalign.shared.reports import MachineStatus, SharedStatus, ShareReport

if TYPE_CHECKING:
    from tokenalign.shared.library import SharedLibrary

__all__ = ["MachineStatus", "ShareReport", "SharedStatus", "open_shared"]


def open_shared(address: str, data_dir: Path) -> SharedLibrary:
    """The shared library at an address, as seen from the machine whose own library is in a folder.

    Nothing is asked of the server yet.

    Args:
        address: ``qdrant://HOST[:PORT]/COLLECTION``, or ``qdrants://`` for TLS; the server's key is
            taken from ``$QDRANT_API_KEY``.
        data_dir: the folder; need not be there for searching.

    Raises:
        TokenAlignError: it is no address, or qdrant-client is not installed.
    """
    parsed = Address.parse(address)
    try:
        from tokenalign.shared.connection import connect
        from tokenalign.shared.library import SharedLibrary
    except ModuleNotFoundError as error:
        if error.name != "qdrant_client":
            raise
        raise TokenAlignError(
            "shared libraries need qdrant-client, which is not installed",
            "Run: pip install 'tokenalign[shared]'",
        ) from None
    machine = platform.node() or "unnamed machine"
    return SharedLibrary(connect(parsed), parsed, data_dir, machine=machine)
