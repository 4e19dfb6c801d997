"""What a shared library answers with, where a local one has nothing alike."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ShareReport:
    """What one run of `SharedLibrary.share` did, in sounds: files with the same bytes are one.

    Attributes:
        uploaded: sounds of which the server lacked vectors.
        updated: sounds that were there, of which it now knows this machine's files.
        unchanged: sounds of which it knew all.
        withdrawn: sounds that this machine has no more; gone from the server if nobody else has.
        elapsed_s: seconds the run took.
    """

    uploaded: int
    updated: int
    unchanged: int
    withdrawn: int
    elapsed_s: float


@dataclass(frozen=True)
class MachineStatus:
    """A machine, and how many of the sounds it has."""

    name: str
    sounds: int


@dataclass(frozen=True)
class SharedStatus:
    """What a shared library holds.

    Attributes:
        address: of the library.
        bundle: name of the bundle that it is encoded for.
        sounds: how many there are; files with the same bytes are one.
        windows: windows of these.
        machines: who has them, in order of name.
    """

    address: str
    bundle: str
    sounds: int
    windows: int
    machines: tuple[MachineStatus, ...]
