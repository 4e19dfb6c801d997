"""Bundles: a folder that holds a trained model and everything needed to run it.

Reading checks the format version and that every file is there; `Bundle.verify` checks their
sha256. What is inside is run by `tokenalign.engine`.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tokenalign.audio import FrontEnd
from tokenalign.bundle_files import open_codec
from tokenalign.errors import TokenAlignError
from tokenalign.frame_codec import FrameCodec, HalfFrames
from tokenalign.silence import SILENT_DB

FORMAT = 1
MANIFEST = "bundle.json"
CARD = "README.md"
GRAPHS = ("audio.onnx", "text.onnx", "align.onnx")
WINDOWS = "windows.onnx"
"""Frames of a window to its vector, where that is not the unit sum of their gists."""

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
    """

    found: float
    frame: float
    join_gap_s: float
    match: float


@dataclass(frozen=True)
class Bundle:
    """What ``bundle.json`` says.

    Attributes:
        path: the folder.
        name: how people call it.
        system: which of the trainer's systems made it.
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
        sha256: file name to checksum.
    """

    path: Path
    name: str
    system: str
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
    sha256: Mapping[str, str]

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

    @property
    def card(self) -> str:
        """The model card, markdown."""
        return (self.path / CARD).read_text(encoding="utf-8")

    def size_bytes(self) -> int:
        """Bytes of all files in the folder."""
        return sum(file.stat().st_size for file in self.path.iterdir() if file.is_file())

    def verify(self) -> None:
        """Raise a `TokenAlignError` naming the first file whose sha256 is not as written."""
        for name, expected in self.sha256.items():
            if sha256_of(self.path / name) != expected:
                raise TokenAlignError(
                    f"{self.path / name}: the file is not the one that the bundle was made with",
                    "copy the bundle again from where it came from, or reinstall tokenalign",
                )


def sha256_of(path: Path) -> str:
    """Checksum of a file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_bundle(folder: Path) -> Bundle:
    """Read a bundle's manifest.

    Raises:
        TokenAlignError: not a bundle, another format version, or a file is missing.
    """
    manifest = folder / MANIFEST
    try:
        facts: dict[str, Any] = dict(json.loads(manifest.read_text(encoding="utf-8")))
    except (OSError, TypeError, ValueError) as error:
        raise TokenAlignError(
            f"{manifest}: not a readable bundle manifest ({error})",
            "give the name of an installed bundle (tokenalign bundles) or a bundle's folder",
        ) from error
    if facts.get("format") != FORMAT:
        raise TokenAlignError(
            f"{manifest}: bundle format {facts.get('format')}, this program reads {FORMAT}",
            "update tokenalign, or export the bundle again with tokenalign-trainer export",
        )
    bundle = _bundle(folder, facts)
    missing = [name for name in bundle.sha256 if not (folder / name).is_file()]
    if missing:
        raise TokenAlignError(
            f"{folder / missing[0]}: missing from the bundle",
            "copy the bundle again from where it came from, or reinstall tokenalign",
        )
    return bundle


def _bundle(folder: Path, facts: Mapping[str, Any]) -> Bundle:
    try:
        unsealed = [name for name in GRAPHS if name not in facts["sha256"]]
        if unsealed:
            raise KeyError(f"no checksum of {unsealed[0]}")
        return Bundle(
            path=folder,
            front_end=FrontEnd(**facts["front_end"]),
            thresholds=Thresholds(**facts["thresholds"]),
            score_scale=ScoreScale(**facts["score_scale"]),
            **{
                key: facts[key]
                for key in (
                    "name", "system", "width", "frame_hop_s", "mel_frames_per_frame",
                    "context_frames", "window_frames", "window_hop_frames", "vocabulary", "sha256",
                )
            },
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise TokenAlignError(
            f"{folder / MANIFEST}: incomplete ({error})",
            "export the bundle again with tokenalign-trainer export",
        ) from error


def write_manifest(bundle: Bundle) -> None:
    """Write ``bundle.json`` of a folder whose other files are complete."""
    facts = {"format": FORMAT, **asdict(bundle)}
    del facts["path"]
    (bundle.path / MANIFEST).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def installed_bundles() -> Iterator[Bundle]:
    """The bundles that came with the program, by name."""
    for folder in _bundle_folders():
        for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
            yield read_bundle(manifest.parent)


def find_bundle(name_or_path: str | Path) -> Bundle:
    """A bundle by installed name, or by the path of its folder."""
    for folder in _bundle_folders():
        if (folder / name_or_path / MANIFEST).is_file():
            return read_bundle(folder / name_or_path)
    path = Path(name_or_path).expanduser()
    if path.is_dir():
        return read_bundle(path)
    names = [bundle.name for bundle in installed_bundles()]
    near = difflib.get_close_matches(str(name_or_path), names, n=1)
    advice = f"did you mean {near[0]!r}? " if near else ""
    raise TokenAlignError(
        f"no bundle {str(name_or_path)!r}",
        f"{advice}installed: {', '.join(names) or 'none'}; or give a bundle's folder",
    )


def _bundle_folders() -> list[Path]:
    """Where bundles may lie: in an installed wheel, or in a checkout."""
    package = Path(__file__).parent
    candidates = (package / "_assets" / "bundles", package.parent / "assets" / "bundles")
    return [folder for folder in candidates if folder.is_dir()]
