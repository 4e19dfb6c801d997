"""A name that nothing has yet: what is there is never replaced."""

from __future__ import annotations

from pathlib import Path


def free_path(wish: Path) -> Path:
    """The path that is wished for, or one like it, with a number, that nothing has yet."""
    target, number = wish, 2
    while target.exists():
        target = wish.with_name(f"{wish.stem} ({number}){wish.suffix}")
        number += 1
    return target
