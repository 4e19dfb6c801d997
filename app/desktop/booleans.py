"""Keeps a defect of PySide from ending the program on Python 3.11.

PySide 6.12 returns `True` from `Signal.emit` without counting the reference, so each emission
takes one away that is somebody else's, and after some hundreds Python ends the process with
"bool_dealloc: deallocating True or False". From Python 3.12 on the booleans are immortal
(PEP 683) and nothing happens. Here they are given more references than a session can use up.
"""

from __future__ import annotations

import ctypes
import sys

SPARE_REFERENCES = 1 << 40
"""A million emissions a second take twelve days to use them up."""


def keep_booleans() -> None:
    """Give True and False references to spare; nothing to do where they are immortal."""
    if sys.version_info >= (3, 12):
        return
    for boolean in (True, False):
        count = ctypes.c_ssize_t.from_address(id(boolean))
        if count.value < SPARE_REFERENCES // 2:
            count.value += SPARE_REFERENCES
