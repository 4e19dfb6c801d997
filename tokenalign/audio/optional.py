"""What is read only where a package is installed that not everybody needs."""

from __future__ import annotations

from importlib.util import find_spec

M4A_SUFFIXES = frozenset({".m4a", ".m4b"})
INSTALL_M4A = "pip install 'tokenalign[m4a]'"


def reads_m4a() -> bool:
    """Whether M4A files are read: PyAV, which decodes them, is looked for but not imported."""
    return find_spec("av") is not None
