"""What it costs that a library stores frames in a few bytes: retrieval with and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tokenalign.clip import Clip
from tokenalign.engine import Model
from tokenalign.frame_codec import FrameCodec
from tokenalign.metrics.bootstrap import grouped_interval
from tokenalign.metrics.retrieval import average_precision_at, ranks
from trainer.evaluation.protocol import Row, Sounds, TestSet, encode_test_set
from trainer.evaluation.scenes import Counts

COUNTS = Counts(single=500, pairs=500, overlap=500)
"""2,000 scenes: pairs come in both orders."""


def measure_storing(
    model: Model, sounds: Sounds, seed: int, *, counts: Counts = COUNTS
) -> Iterator[Row]:
    """The rows of `storing_rows`, on more scenes than the protocol has."""
    yield from storing_rows(model, encode_test_set(model, sounds, counts, seed))


def storing_rows(model: Model, test: TestSet) -> Iterator[Row]:
    """t2a mAP@10 on frames as they are and as they are stored, and the difference.

    Intervals are over groups of scenes, and paired for the difference.
    """
    codec = model.bundle.frame_codec
    groups = np.array([scene.group for scene in test.scenes])
    plain = 100 * _precisions(model, test)
    stored = replace(test, clips=[_as_stored(clip, codec) for clip in test.clips])
    kept = 100 * _precisions(model, stored)
    yield Row("t2a mAP@10, frames as they are", grouped_interval(plain, groups))
    name = f"t2a mAP@10, frames in {codec.row_bytes} bytes"
    yield Row(name, grouped_interval(kept, groups))
    yield Row("difference", grouped_interval(kept - plain, groups))


def _as_stored(clip: Clip, codec: FrameCodec) -> Clip:
    windows = clip.windows.astype(np.float16).astype(np.float32)
    return replace(clip, frames=codec.decode(codec.encode(clip.frames)), windows=windows)


def _precisions(model: Model, test: TestSet) -> NDArray[np.float64]:
    """Average precision at 10 of each caption."""
    scores = model.score(test.texts, test.clips)
    return average_precision_at(ranks(scores, np.eye(len(scores), dtype=bool)), 10)
