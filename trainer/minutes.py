"""Windows of recordings of a minute, in which sounds come one after the other.

Search goes through long files by windows. They hold what a scene of ten seconds never does: sounds
that began before, and sounds that go on behind. And their nearest wrong answer is another window of
the same recording.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from trainer.recordings import SoundStore
from trainer.scenes import SCENE_MEL_FRAMES, Arrangement, TrainingScene, rendered
from trainer.variation import varied

SOUNDS = 9
LONGEST = 500
LONGEST_GAP = 150
"""Mel frames of 10 ms: with 9 sounds of 1 to 5 s, half a minute to a minute in all."""

LEAST = 50
"""Mel frames of a sound inside a window, of which less is left out."""

MOST_HEARD = 3
"""Sounds of a window that captions can tell of."""


def draw_windows(store: SoundStore, rng: np.random.Generator) -> Iterator[TrainingScene]:
    """Two windows of one recording that hold different sounds.

    Args:
        store: where sounds are drawn from.
        rng: source of all variation.
    """
    count = min(SOUNDS, len(store.labels))
    labels = [store.labels[i] for i in rng.choice(len(store.labels), size=count, replace=False)]
    pieces = [varied(store.power(store.draw(label, rng)), LONGEST, rng) for label in labels]
    starts = _in_a_row([len(piece) for piece in pieces], rng)
    seen: list[tuple[int, ...]] = []
    while len(seen) < 2:
        first = int(rng.integers(-SCENE_MEL_FRAMES // 2, starts[-1]))
        inside = _inside(pieces, starts, first)
        if 0 < len(inside) <= MOST_HEARD and inside not in seen:
            seen.append(inside)
            yield rendered(
                Arrangement.SINGLE if len(inside) == 1 else Arrangement.SEQUENCE,
                [labels[place] for place in inside],
                [pieces[place] for place in inside],
                [starts[place] - first for place in inside],
                rng,
            )


def _in_a_row(lengths: Sequence[int], rng: np.random.Generator) -> list[int]:
    """First mel frame of each sound, one after the other."""
    gaps = rng.integers(0, LONGEST_GAP, size=len(lengths) - 1).tolist()
    steps = (length + gap for length, gap in zip(lengths, gaps, strict=False))
    return list(accumulate(steps, initial=0))


def _inside(
    pieces: Sequence[NDArray[np.float32]], starts: Sequence[int], first: int
) -> tuple[int, ...]:
    """Places of the sounds of which enough lies in the window that begins at a mel frame."""
    end = first + SCENE_MEL_FRAMES
    shares = [
        min(start + len(piece), end) - max(start, first)
        for piece, start in zip(pieces, starts, strict=True)
    ]
    return tuple(
        place for place, share in enumerate(shares) if share >= min(LEAST, len(pieces[place]))
    )
