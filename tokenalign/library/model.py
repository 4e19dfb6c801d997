"""What the library needs of a model: the part of `tokenalign.engine.Model` that it calls.

Shapes: B batch, C windows, D width, F mel bands, M frames, P phrases, T log-mel frames.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenalign.audio import FrontEnd
from tokenalign.clip import Clip
from tokenalign.first_stage import FirstStage
from tokenalign.frame_codec import FrameCodec
from tokenalign.grounding import Grounding
from tokenalign.query.types import Phrase, Query
from tokenalign.refinement import PhraseRows

FloatArray = NDArray[np.float32]


class Thresholds(Protocol):
    """Where a bundle draws lines."""

    @property
    def match(self) -> float:
        """Lowest score of a clip that matches well."""


class Bundle(Protocol):
    """What a bundle says of the vectors that its model makes."""

    @property
    def name(self) -> str:
        """What the user calls it."""

    @property
    def identity(self) -> str:
        """64 hexadecimal digits that change whenever the vectors could."""

    @property
    def width(self) -> int:
        """D."""

    @property
    def frame_hop_s(self) -> float:
        """Seconds from one frame to the next."""

    @property
    def window_frames(self) -> int:
        """Frames of a whole window."""

    @property
    def window_hop_frames(self) -> int:
        """Frames from one window's start to the next."""

    @property
    def frame_codec(self) -> FrameCodec:
        """How frames are stored."""

    @property
    def thresholds(self) -> Thresholds:
        """Where it draws lines."""

    @property
    def first_stage(self) -> FirstStage:
        """What chooses the windows that are scored."""

    @property
    def front_end(self) -> FrontEnd:
        """The log-mel that the model listens to."""


class EncodedCaption(Protocol):
    """A caption as vectors."""

    @property
    def query(self) -> Query:
        """The phrases it was understood as."""

    @property
    def scored(self) -> PhraseRows:
        """The rows that the score is made of."""

    @property
    def shown_phrases(self) -> tuple[Phrase, ...]:
        """The phrases that are grounded, in the caption's order."""

    @property
    def wanted_phrases(self) -> tuple[Phrase, ...]:
        """The phrases that count and must sound, in the caption's order."""

    @property
    def unknown_phrases(self) -> tuple[Phrase, ...]:
        """Those of `wanted_phrases` that the bundle has no words for, or was not taught."""


class Moment(Protocol):
    """A stretch of a file that answers a caption; times on the file's axis."""

    @property
    def start_s(self) -> float:
        """Where it begins."""

    @property
    def end_s(self) -> float:
        """Where it ends."""

    @property
    def score(self) -> float:
        """What search ranks by, [0, 1]."""

    @property
    def grounding(self) -> Grounding:
        """Which phrase sounds where in it."""


class Model(Protocol):
    """Encodes audio and captions, and scores one against the other.

    A caption goes back into the very model that encoded it, hence ``Any`` for what only the model
    looks into.
    """

    @property
    def bundle(self) -> Bundle:
        """What the model was loaded from."""

    def encode_mel(self, blocks: Iterable[FloatArray], *, duration_s: float | None = None) -> Clip:
        """A clip from log-mel blocks [T_i, F] as they come."""

    def encode_text(self, caption: str) -> EncodedCaption:
        """A caption's phrases as vectors; raises TokenAlignError when it has none."""

    def rank_windows(
        self,
        caption: Any,
        frames: FloatArray,
        mask: NDArray[np.bool_],
        windows: FloatArray,
    ) -> FloatArray:
        """Scores [C] of frames [C, M, D] with mask [C, M] and window vectors [C, D]."""

    def ground(self, caption: Any, clip: Clip) -> Grounding:
        """Which parts of a clip match which phrase."""

    def moments(self, caption: Any, clip: Clip, *, limit: int) -> Sequence[Moment]:
        """The moments of a clip that answer the caption: best first, not overlapping."""
