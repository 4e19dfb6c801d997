"""A large library without audio files: ``python -m app.bench.mixed_library --help``.

Its vectors are mixed of those of real recordings (`mixing`), and written as the indexer writes.
Paths lead nowhere, so that search, filters, browsing and `verify` work, but not playing.

Vectors are coded clip by clip, in products so small that threads only wait for each other: on a
busy machine, OPENBLAS_NUM_THREADS=1 makes this many times faster.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator
from pathlib import Path

import click
from rich.console import Console

from app.bench.mixing import Mixed, Recordings, mixed_clips
from app.session import DEFAULT_BUNDLE
from app.terminal.progress import follow
from tokenalign import load_bundle
from tokenalign.audio import AudioInfo
from tokenalign.clip import Clip
from tokenalign.errors import TokenAlignError
from tokenalign.library import Library
from tokenalign.library.files.fingerprint import DIGEST_BYTES, Stamp
from tokenalign.library.indexing.commits import Commits
from tokenalign.library.indexing.writing import Writing, writing
from tokenalign.library.model import Model
from tokenalign.library.pulse import Pulse
from tokenalign.progress import Progress

CLIP_S = 10.0
COMMIT_CLIPS = 4096
PAGE = 1000
FOLDER_CLIPS = 1000
NEWEST_NS = 1_700_000_000_000_000_000

KINDS = (
    ("wav", "PCM_24", 48_000, 2),
    ("wav", "PCM_16", 44_100, 1),
    ("flac", "PCM_24", 96_000, 2),
    ("mp3", "MPEG_LAYER_III", 44_100, 2),
    ("ogg", "VORBIS", 32_000, 1),
    ("aiff", "PCM_16", 48_000, 1),
)
"""Format, coding, rate and channels of the files, in turn."""

NOTE = "The library beside this folder names files in here. There are none: its clips are mixed.\n"


def write_mixed_library(
    source: Path, target: Path, model: Model, *, clips: int, seed: int = 0
) -> Generator[Progress, None, None]:
    """Write a library of mixed clips of 10 s.

    Args:
        source: data folder of a library of real recordings.
        target: data folder to make; the clips' folder is ``sounds`` in it.
        model: whose vectors are mixed.
        clips: how many.
        seed: other numbers make other clips; the same number the same vectors and names.

    Raises:
        TokenAlignError: the target is in use, or the source holds nothing of this model's.
    """
    if target.exists() and any(target.iterdir()):
        raise TokenAlignError(f"{target}: is not empty", "Choose a folder that is not there yet.")
    bundle = model.bundle
    frame_count = min(bundle.window_frames, int(CLIP_S / bundle.frame_hop_s))
    with Library.open(source) as library:
        recordings = Recordings(_clips_of(library, model))
    mixed = mixed_clips(recordings, clips, frame_count=frame_count, seed=seed)
    Library.open(target).close()  # makes it
    sounds = _present_root(target.absolute())
    pulse = Pulse()
    with writing(target, bundle) as opened:
        commits = Commits(catalogue=opened.catalogue, segments=opened.segments, files=COMMIT_CLIPS)
        with commits.at_the_end():
            opened.catalogue.add_root(str(sounds))
            for number, clip in enumerate(mixed):
                _keep(opened, sounds, clip, number, seed)
                commits.count_file()
                if pulse.due():
                    yield Progress("mix", number + 1, clips)


def _present_root(target: Path) -> Path:
    """A folder for the clips' paths with something in it: an empty one would be offline."""
    sounds = target / "sounds"
    sounds.mkdir()
    (sounds / "README").write_text(NOTE)
    return sounds


def _clips_of(library: Library, model: Model) -> Iterator[Clip]:
    """All that a library holds of a model's, in order of name."""
    for offset in range(0, library.count(), PAGE):
        for facts in library.browse(offset=offset, limit=PAGE):
            clip = library.clip(facts.path, model)
            if clip is not None:
                yield clip


def _keep(opened: Writing, sounds: Path, clip: Mixed, number: int, seed: int) -> None:
    """Write a clip down as the indexer would."""
    container, subtype, sample_rate, channels = KINDS[number % len(KINDS)]
    folder = f"{number // FOLDER_CLIPS:03d}"
    path = sounds / folder / f"{number:06d}.{container}"
    digest = hashlib.blake2b(f"mixed {seed} {number}".encode(), digest_size=DIGEST_BYTES).digest()
    location = opened.segments.append(digest, clip.frames, clip.windows)
    info = AudioInfo(path, container, subtype, sample_rate, channels, CLIP_S, "")
    opened.catalogue.put_content(digest, info)
    opened.catalogue.put_vectors(digest, opened.bundle, location)
    size = int(CLIP_S * sample_rate * channels * 2)
    opened.catalogue.put_file(str(path), Stamp(size, NEWEST_NS - number), digest)


@click.command()
@click.option("--from", "source", type=click.Path(path_type=Path), required=True, metavar="D",
              help="Data folder of a library of real recordings.")  # fmt: skip
@click.option("--out", "target", type=click.Path(path_type=Path), required=True, metavar="D",
              help="Data folder to make.")  # fmt: skip
@click.option("--clips", type=click.IntRange(1), default=100_000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--bundle", default=DEFAULT_BUNDLE, metavar="NAME|PATH", show_default=True)
def main(source: Path, target: Path, clips: int, seed: int, bundle: str) -> None:
    """Write a large library of clips that are mixed of real recordings' vectors."""
    work = write_mixed_library(source, target, load_bundle(bundle), clips=clips, seed=seed)
    follow(work, Console(stderr=True), kept="what was written so far is a library of its own")


if __name__ == "__main__":
    main()
