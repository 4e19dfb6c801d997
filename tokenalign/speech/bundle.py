"""Bundles that time the words of a transcript: what their manifest says, and where they lie.

The files are ``attention.onnx`` (``mel [1, T, F], token_ids [1, L] -> attention [H, L, M]``, each
row a distribution over the M frames; row l tells where token l sounds), ``tokenizer.json`` (whose
special tokens are those that end a text) and the model card. `tokenalign.speech.aligner` runs them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from tokenalign.audio import FrontEnd
from tokenalign.bundle_folder import (
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
from tokenalign.speech.timeline import MEDIAN_FRAMES

GRAPH = "attention.onnx"
TOKENIZER = "tokenizer.json"
FILES = (GRAPH, TOKENIZER)

FrontEndKind = Literal["log-mel", "whisper"]
"""`tokenalign.audio.LogMel`, or `tokenalign.speech.whisper_mel.WhisperMel`."""


@dataclass(frozen=True)
class SpeechBundle(SealedFolder):
    """What ``bundle.json`` says.

    Its system is "speech", trained by this project, or "whisper", imported.

    Attributes:
        front_end: the numbers of the log-mel.
        front_end_kind: what makes the log-mel of them.
        frame_hop_s: seconds from frame to frame of the attention.
        window_frames: most frames of attention that the graph gives at a time.
        max_tokens: most tokens that it takes, the end of the text included.
        vocabulary: the words that it has a model for, in small letters; None: all words.
        gap: the token that the tokenizer puts before each word, for the time before it; None: it
            puts none.
        heads: (layer, head) of each head of the attention.
        median_frames: width of the median filter over its attention, odd; 1 = none.
    """

    front_end: FrontEnd
    front_end_kind: FrontEndKind
    frame_hop_s: float
    window_frames: int
    max_tokens: int
    vocabulary: tuple[str, ...] | None
    gap: str | None
    heads: tuple[tuple[int, int], ...]
    median_frames: int = MEDIAN_FRAMES

    @property
    def frame_samples(self) -> int:
        """Samples in one frame of the attention, at the front end's rate."""
        return round(self.frame_hop_s * self.front_end.sample_rate)

    @property
    def identity(self) -> str:
        """64 hex digits that stand for the times it gives: they change with all that it says."""
        facts = {name: fact for name, fact in asdict(self).items() if name not in ("path", "name")}
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def read_speech_bundle(folder: Path) -> SpeechBundle:
    """Read a bundle's manifest.

    Raises:
        TokenAlignError: not a bundle, one for search, another format version, or a file is missing.
    """
    facts = read_facts(folder)
    if not times_words(facts):
        raise TokenAlignError(
            f"{folder}: this bundle ({facts.get('system')}) searches, it cannot time words",
            "bundles that time words are made by: tokenalign-trainer import whisper; installed: "
            f"{', '.join(_installed_names()) or 'none'}",
        )
    bundle = _bundle(folder, facts)
    check_files(folder, bundle.sha256)
    return bundle


def _bundle(folder: Path, facts: Mapping[str, Any]) -> SpeechBundle:
    try:
        unsealed = [name for name in FILES if name not in facts["sha256"]]
        if unsealed:
            raise KeyError(f"no checksum of {unsealed[0]}")
        vocabulary = facts["vocabulary"]
        bundle = SpeechBundle(
            path=folder,
            front_end=FrontEnd(**facts["front_end"]),
            vocabulary=None if vocabulary is None else tuple(map(str, vocabulary)),
            median_frames=int(facts.get("median_frames", MEDIAN_FRAMES)),
            gap=None if facts.get("gap") is None else str(facts["gap"]),
            heads=tuple((int(layer), int(head)) for layer, head in facts["heads"]),
            **{
                key: facts[key]
                for key in (
                    "name", "system", "front_end_kind", "frame_hop_s", "window_frames",
                    "max_tokens", "sha256",
                )
            },
        )  # fmt: skip
        _check(bundle)
    except (KeyError, TypeError, ValueError) as error:
        raise incomplete(folder, error) from error
    return bundle


def _check(bundle: SpeechBundle) -> None:
    """Refuse what could never run; a bundle is a file that anyone may have edited."""
    if bundle.front_end_kind not in get_args(FrontEndKind):
        raise ValueError(f"no front end {bundle.front_end_kind!r}")
    if bundle.median_frames < 1 or bundle.median_frames % 2 == 0:
        raise ValueError("median_frames is not odd")
    if min(bundle.window_frames, bundle.frame_samples, bundle.max_tokens - 1) < 1:
        raise ValueError("window_frames, frame_hop_s and max_tokens leave no room for a word")


def seal(bundle: SpeechBundle, files: Sequence[str] = FILES) -> SpeechBundle:
    """Write the manifest of a folder whose other files are complete, with their checksums."""
    bundle = replace(bundle, sha256={name: sha256_of(bundle.path / name) for name in files})
    facts = asdict(bundle)
    del facts["path"]
    write_facts(bundle.path, facts)
    return bundle


def installed_speech_bundles() -> Iterator[SpeechBundle]:
    """The bundles that time words and came with the program, by name."""
    for folder in installed_folders():
        if times_words(read_facts(folder)):
            yield read_speech_bundle(folder)


def find_speech_bundle(name_or_path: str | Path) -> SpeechBundle:
    """A bundle that times words by installed name, or by the path of its folder."""
    return read_speech_bundle(find_folder(name_or_path, _installed_names()))


def _installed_names() -> Iterator[str]:
    return (bundle.name for bundle in installed_speech_bundles())
