"""What a search needs of a bundle's score to choose the windows that are worth the whole of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FirstStage:
    """The score's own numbers (`tokenalign.nn.matching.bundle_score`), for a first look.

    A bundle whose manifest has none was made before they were written down; the values here are
    about those of all bundles of that time.

    Attributes:
        by_frames: whether phrases are held against frames; else against window vectors.
        local_weight: of how much the phrases sound; 0: the score is a cosine of window vectors.
        global_weight: of that cosine.
        without_weight: of what sounds though it must not.
        slope: of the probability that a phrase sounds, over its similarity.
        threshold: similarity at which it is a half.
        sharpness: β of the smooth maxima over frames.
    """

    by_frames: bool = True
    local_weight: float = 1.0
    global_weight: float = 0.5
    without_weight: float = 0.3
    slope: float = 13.0
    threshold: float = 0.32
    sharpness: float = 12.0


USUAL_FIRST_STAGE = FirstStage()
