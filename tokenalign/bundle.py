"""Bundles for search: a folder that holds a trained model and everything needed to run it.

Reading checks the format version and that every file is there; `Bundle.verify` checks their
sha256. What is inside is run by `tokenalign.engine`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from tokenalign.audio import FrontEnd
from tokenalign.bundle_files import open_codec
from tokenalign.bundle_folder import (
    CARD,
    FORMAT,
    MANIFEST,
    SealedFolder,
    check_files,
    find_folder,
    incomplete,
    installed_folders,
    read_facts,
    sha256_of,
    times_words,
    write_facts,
)
from tokenalign.errors import TokenAlignError
from tokenalign.first_stage import USUAL_FIRST_STAGE, FirstStage
from tokenalign.frame_codec import FrameCodec, HalfFrames
from tokenalign.silence import SILENT_DB

__all__ = [
    "CARD",
    "CODEC",
    "FORMAT",
    "GRAPHS",
    "MANIFEST",
    "Bundle",
    "ScoreScale",
    "Thresholds",
    "find_bundle",
    "installed_bundles",
    "read_bundle",
    "sha256_of",
    "write_manifest",
]

GRAPHS = ("audio.onnx", "text.onnx", "align.onnx")
WINDOWS = "windows.onnx"
"""Frames of a window to its vector, where that is not the unit sum of their gists."""

RERANK = "rerank.onnx"
"""Judges windows again, in bundles of systems that read caption and clip together."""

WEIGHTS = "model.safetensors"
"""What was trained, to be trained further; search does not read it."""

CODEC = ("codec_centroids.npy", "codec_residuals.npy")
"""How frames are stored, if not as float16."""


@dataclass(frozen=True)
class ScoreScale:
    """Raw scores to [0, 1]: standard scores against a background, through a logistic.

    Attributes:
        centre: standard score that means an even chance of a match.
        spread: standard scores in one unit of log odds.
        least_deviation: floor of the background's deviation.
    """

    centre: float
    spread: float
    least_deviation: float


@dataclass(frozen=True)
class Thresholds:
    """When something counts as heard.

    Attributes:
        found: lowest calibrated presence of a phrase that is heard.
        frame: lowest calibrated frame score inside a span.
        join_gap_s: spans this near are one.
        match: lowest score of a clip that matches well.
        familiar: least familiarity (a cosine) of a phrase that the bundle knows; -1 where it cannot
            tell.
    """

    found: float
    frame: float
    join_gap_s: float
    match: float
    familiar: float = -1.0


Judged = Literal["all", "together"]
"""Captions that are judged: all, or only those that tell of sounds that are heard together."""


@dataclass(frozen=True)
class Reranking:
    """What ``rerank.onnx`` adds to the score of the alignment graph.

    Attributes:
        weight: of the probability that a caption and a window belong together.
        most: windows of those scored at once that are judged, the best by alignment.
        captions: which are judged; others keep the alignment's score, and cost nothing more.
    """

    weight: float
    most: int
    captions: Judged = "all"


@dataclass(frozen=True)
class Bundle(SealedFolder):
    """What ``bundle.json`` says.

    Attributes:
        front_end: waveform to log-mel.
        width: D, of all vectors.
        frame_hop_s: seconds from frame to frame.
        mel_frames_per_frame: log-mel frames in one frame.
        context_frames: frames on either side that can reach a frame's vector.
        window_frames: frames of a full window.
        window_hop_frames: frames from window to window.
        thresholds: when something counts as heard.
        score_scale: raw scores to [0, 1].
        vocabulary: in words, what sounds the model knows.
        reranking: how windows are judged again; None, and no such file, where they are not.
        first_stage: what of the score chooses the windows that are worth the whole of it.
        trained_folds: of ESC-50, whose recordings it has heard: figures on them flatter.
    """

    front_end: FrontEnd
    width: int
    frame_hop_s: float
    mel_frames_per_frame: int
    context_frames: int
    window_frames: int
    window_hop_frames: int
    thresholds: Thresholds
    score_scale: ScoreScale
    vocabulary: str
    reranking: Reranking | None = None
    first_stage: FirstStage = USUAL_FIRST_STAGE
    trained_folds: tuple[int, ...] = ()

    @property
    def identity(self) -> str:
        """64 hex digits that stand for the vectors it makes of audio.

        Changes with the audio graph's weights, the front end, the frame grid, what counts as
        silent and how frames are stored; a new text side or calibration over the same frames
        keeps a library's vectors valid.
        """
        facts = {
            "audio": self.sha256["audio.onnx"],
            "front_end": asdict(self.front_end),
            "silent_db": SILENT_DB,
            "codec": [self.sha256[name] for name in CODEC if name in self.sha256],
            "grid": [self.frame_hop_s, self.window_frames, self.window_hop_frames, self.width],
        }
        if WINDOWS in self.sha256:
            facts["windows"] = self.sha256[WINDOWS]
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    @cached_property
    def frame_codec(self) -> FrameCodec:
        """How its frames are stored: by its centroids, or without any as float16.

        Raises:
            TokenAlignError: the files of the codec are damaged.
        """
        if not all(name in self.sha256 for name in CODEC):
            return HalfFrames(self.width)
        return open_codec(*(self.path / name for name in CODEC))


def read_bundle(folder: Path) -> Bundle:
    """Read a bundle's manifest.

    Raises:
        TokenAlignError: not a bundle, one that times words, another format version, or a file is
            missing.
    """
    facts = read_facts(folder)
    if times_words(facts):
        raise TokenAlignError(
            f"{folder}: this bundle ({facts['system']}) times words of speech, it cannot search",
            f"bundles that search: {', '.join(_installed_names()) or 'none is installed'}",
        )
    bundle = _bundle(folder, facts)
    check_files(folder, bundle.sha256)
    return bundle


def _bundle(folder: Path, facts: Mapping[str, Any]) -> Bundle:
    try:
        reranking = facts.get("reranking")
        graphs = GRAPHS if reranking is None else (*GRAPHS, RERANK)
        unsealed = [name for name in graphs if name not in facts["sha256"]]
        if unsealed:
            raise KeyError(f"no checksum of {unsealed[0]}")
        return Bundle(
            path=folder,
            front_end=FrontEnd(**facts["front_end"]),
            thresholds=Thresholds(**facts["thresholds"]),
            score_scale=ScoreScale(**facts["score_scale"]),
            reranking=None if reranking is None else Reranking(**reranking),
            first_stage=FirstStage(**facts.get("first_stage", {})),
            trained_folds=tuple(facts.get("trained_folds", ())),
            **{
                key: facts[key]
                for key in (
                    "name", "system", "width", "frame_hop_s", "mel_frames_per_frame",
                    "context_frames", "window_frames", "window_hop_frames", "vocabulary", "sha256",
                )
            },
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise incomplete(folder, error) from error


def write_manifest(bundle: Bundle) -> None:
    """Write ``bundle.json`` of a folder whose other files are complete."""
    facts = asdict(bundle)
    del facts["path"]
    if bundle.reranking is None:
        del facts["reranking"]
    write_facts(bundle.path, facts)


def installed_bundles() -> Iterator[Bundle]:
    """The bundles for search that came with the program, by name."""
    for folder in installed_folders():
        if not times_words(read_facts(folder)):
            yield read_bundle(folder)


def find_bundle(name_or_path: str | Path) -> Bundle:
    """A bundle for search by installed name, or by the path of its folder."""
    return read_bundle(find_folder(name_or_path, _installed_names()))


def _installed_names() -> Iterator[str]:
    return (bundle.name for bundle in installed_bundles())
