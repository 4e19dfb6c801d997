"""A paired bundle's background, codec and thresholds, from clips that its run was validated on.

Captions say what sounds, but not when. So a phrase is heard from the presence on that at most one
in twenty phrases of other clips reach, and a frame counts from where at most one in twenty of
those phrases' frames do. Only other clips whose captions share no word with a clip's own are
asked: what is described alike may well sound in both.

The codec is fitted to the frames of all these clips; the rest goes by frames as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tokenalign.bundle import Bundle
from tokenalign.clip import Clip
from tokenalign.engine import Model
from tokenalign.errors import AudioFileError, TokenAlignError
from tokenalign.grounding import PhraseGrounding
from tokenalign.metrics.grounding import operating_point
from tokenalign.nn.matching.bundle_score import BundleScore
from tokenalign.query import parse
from tokenalign.query.types import Relation
from trainer.calibration import (
    MOST_FALSE_ALARMS,
    Values,
    raw_similarity,
    standard_scores,
    with_borders,
)
from trainer.codec import add_codec
from trainer.datasets import CaptionedClip
from trainer.export import add_background

MOST_CLIPS = 240
"""Half of them become the background, and the other half is calibrated on."""

MOST_FALSE_MATCHES = 0.01
"""Share of other clips that may seem to match a caption."""

SHORTEST_WORD = 4
"""Letters; shorter words say little of what sounds."""


@dataclass(frozen=True)
class Told:
    """A clip that was heard, and what people said of it.

    Attributes:
        clip: encoded.
        caption: the first of its captions that names a sound.
        words: of all its captions.
    """

    clip: Clip
    caption: str
    words: frozenset[str]


def calibrate_pairs(
    bundle: Bundle, alignment: BundleScore, clips: Sequence[CaptionedClip]
) -> Bundle:
    """Give an exported bundle its background, its codec and its thresholds.

    Args:
        bundle: from `trainer.paired.export`.
        alignment: from the same; its calibrations change.
        clips: that the run was not trained on; ones that cannot be read are left out.

    Raises:
        TokenAlignError: too few clips, or all are described alike.
    """
    model = Model(bundle)
    chosen = clips[:: -(-len(clips) // MOST_CLIPS)] if clips else clips
    told = list(_told(model, chosen))
    background, held_out = told[::2], told[1::2]
    if len(held_out) < 2:
        raise TokenAlignError(
            f"{len(told)} clips to calibrate on can be read", "give a validation split of 4 or more"
        )
    bundle = add_background(model, [one.clip for one in background])
    model = Model(add_codec(bundle, [one.clip for one in told]))
    present, absent = _heard(model, held_out)
    if not present or not absent:
        raise TokenAlignError(
            "the validation clips are all described alike: nothing tells when a phrase is absent",
            "give a validation split with several kinds of sounds",
        )
    presence, frame = alignment.presence_calibration, alignment.frame_calibration
    found = operating_point(
        raw_similarity(presence, np.array([phrase.score for phrase in present])),
        raw_similarity(presence, np.array([phrase.score for phrase in absent])),
        most_false_alarms=MOST_FALSE_ALARMS,
    )
    frames = operating_point(
        raw_similarity(frame, np.concatenate([phrase.frame_scores for phrase in present])),
        raw_similarity(frame, np.concatenate([phrase.frame_scores for phrase in absent])),
        most_false_alarms=MOST_FALSE_ALARMS,
    )
    captions, heard = [one.caption for one in held_out], [one.clip for one in held_out]

    def standards(scaled: Model) -> tuple[Values, Values]:
        scores = standard_scores(scaled, captions, heard)
        own = np.eye(len(scores), dtype=bool)
        return scores[own], scores[~own]

    return with_borders(
        model,
        alignment,
        found=found.threshold,
        frame=frames.threshold,
        standards=standards,
        most_false_alarms=MOST_FALSE_MATCHES,
    )


def _told(model: Model, clips: Sequence[CaptionedClip]) -> Iterator[Told]:
    """The clips that can be read and whose captions name a sound."""
    for clip in clips:
        caption = next((text for text in clip.captions if parse(text).phrases), None)
        if caption is None:
            continue
        try:
            encoded = model.encode_file(clip.path)
        except AudioFileError:
            continue
        text = " ".join(clip.captions).lower()
        words = frozenset(w for w in re.findall(r"\w+", text) if len(w) >= SHORTEST_WORD)
        yield Told(encoded, caption, words)


def _heard(
    model: Model, told: Sequence[Told]
) -> tuple[list[PhraseGrounding], list[PhraseGrounding]]:
    """Phrases of clips' own captions, and phrases of other clips' captions, in each clip."""
    present, absent = [], []
    for number, one in enumerate(told):
        others = (*told[number + 1 :], *told[:number])
        other = next((each for each in others if not each.words & one.words), None)
        present += _wanted(model, one.caption, one.clip)
        if other is not None:
            absent += _wanted(model, other.caption, one.clip)
    return present, absent


def _wanted(model: Model, caption: str, clip: Clip) -> list[PhraseGrounding]:
    phrases = model.ground(caption, clip).phrases
    return [phrase for phrase in phrases if phrase.relation is not Relation.WITHOUT]
