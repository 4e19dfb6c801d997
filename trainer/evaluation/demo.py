"""Figures on the rendered demo library: never mixed with those on real recordings."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np

from tokenalign.engine import Model
from tokenalign.library import Library
from tokenalign.metrics.bootstrap import interval
from tokenalign.progress import Progress
from tokenalign.soundscapes import demo_captions, write_demo_library
from trainer.evaluation.protocol import Row

Result = TypeVar("Result")


def measure_demo(model: Model, folder: Path) -> Iterator[Row]:
    """Render and index the demo library, and search it by captions made from its truth.

    Args:
        model: the bundle at hand.
        folder: an empty folder for the sounds and the library.
    """
    sounds = folder / "sounds"
    files = _finish(write_demo_library(sounds))
    with Library.open(folder / "data") as library:
        _finish(library.index([sounds], model))
        captions = demo_captions(files)
        hits = [library.search(caption.text, model, limit=3).results for caption in captions]
    right = [
        [hit.path in caption.right for hit in found]
        for caption, found in zip(captions, hits, strict=True)
    ]
    first = np.array([any(marks[:1]) for marks in right])
    yield Row("rendered: a right clip comes first", interval(100.0 * first))
    yield Row(
        "rendered: a right clip among three", interval(np.array([100.0 * any(m) for m in right]))
    )


def _finish(work: Generator[Progress, None, Result]) -> Result:
    """Run a generator to its end, and give what it returns."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: Result = end.value
            return result
