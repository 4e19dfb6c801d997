"""The whole protocol on test scenes, row after row."""

from __future__ import annotations

from collections.abc import Iterator

from tokenalign.engine import Model
from trainer.evaluation.controls import control_rows
from trainer.evaluation.filtering import UNFILTERED, Filtering
from trainer.evaluation.minutes import draw_minutes, minute_rows
from trainer.evaluation.protocol import (
    Row,
    Sounds,
    ceiling_rows,
    encode_test_set,
    grounding_rows,
    naming_rows,
    order_rows,
    rejection_rows,
    retrieval_rows,
    unknown_rows,
    while_rows,
    without_rows,
)
from trainer.evaluation.scenes import Counts


def measure(
    model: Model,
    sounds: Sounds,
    counts: Counts,
    seed: int,
    *,
    plain: bool = False,
    detection: bool = False,
    filtering: Filtering = UNFILTERED,
) -> Iterator[Row]:
    """All rows of the protocol.

    Args:
        model: the bundle at hand.
        sounds: recordings by label that the bundle was not trained on.
        counts: how many scenes.
        seed: of scenes and captions.
        plain: leave out the paraphrases.
        detection: measure PSDS too, which takes minutes.
        filtering: of the scores that PSDS is measured on.
    """
    test = encode_test_set(model, sounds, counts, seed, plain=plain)
    yield from retrieval_rows(model, test)
    yield from ceiling_rows(model, test)
    yield from order_rows(model, test)
    yield from naming_rows(model, sounds)
    yield from grounding_rows(model, test)
    yield from rejection_rows(model, test)
    yield from without_rows(model, test)
    yield from while_rows(model, test)
    yield from unknown_rows(model, test)
    yield from control_rows(model, test)
    for name, over_ambience in (("minutes", False), ("minutes over ambience", True)):
        minutes = draw_minutes(sounds, counts.minutes, seed, over_ambience=over_ambience)
        yield from minute_rows(model, minutes, test.captions, seed, name=name)
    if detection:
        # Here, for it brings a compiler along that takes seconds to load.
        from trainer.evaluation.detection import detection_rows

        yield from detection_rows(model, test, filtering=filtering)
