"""Keeps a defect of PySide from ending the program on Python 3.11.

PySide 6.12 hands out True (from `Signal.emit`) and None (from every function that returns nothing)
without counting the reference, so each call takes one away that is somebody else's; after some
hundreds of signals Python ends the process: "bool_dealloc: deallocating True or False", or
"none_dealloc". From Python 3.12 on these constants are immortal (PEP 683) and nothing happens.
Here they are given more references than a session can use up.
"""

from __future__ import annotations

import ctypes
import sys

SPARE_REFERENCES = 1 << 40
"""A million calls a second take twelve days to use them up."""


def keep_constants() -> None:
    """Give True, False and None references to spare; not needed where they are immortal."""
    if sys.version_info >= (3, 12):
        return
    for constant in (True, False, None):
        count = ctypes.c_ssize_t.from_address(id(constant))  # the first field of any object
        if count.value < SPARE_REFERENCES // 2:
            count.value += SPARE_REFERENCES
