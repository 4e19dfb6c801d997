"""The demo library: written to disk with its truth, and captions with their right answers."""

from __future__ import annotations

import io
import json
from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import soundfile

from tokenalign.progress import Progress
from tokenalign.soundscapes.claims import Claim
from tokenalign.soundscapes.demo_plan import ABSENCES, SCENES, SOUNDS, FilePlan
from tokenalign.soundscapes.kinds import KINDS
from tokenalign.soundscapes.scenes import Event, mix_scene

TRUTH_NAME = "demo.json"
CONTAINERS = {".wav": "WAV", ".aiff": "AIFF", ".flac": "FLAC", ".ogg": "OGG", ".mp3": "MP3"}
FIRST_SEED = 7100
"""File n of the plan is rendered from this seed plus n."""


@dataclass(frozen=True)
class DemoFile:
    """A file of the demo library.

    Attributes:
        path: where it lies.
        duration_s: its length.
        sample_rate: in Hz.
        channels: how many.
        events: what sounds when.
    """

    path: Path
    duration_s: float
    sample_rate: int
    channels: int
    events: tuple[Event, ...]


@dataclass(frozen=True)
class DemoCaption:
    """A caption and the files that are right answers to it."""

    text: str
    right: tuple[Path, ...]


def write_demo_library(folder: Path) -> Generator[Progress, None, tuple[DemoFile, ...]]:
    """Render the demo library: 40 single sounds, 20 scenes, and their truth in `TRUTH_NAME`.

    The truth is written last, so that a folder that has it is whole.

    Args:
        folder: made when it is missing; files of the same names in it are replaced.

    Yields:
        One report a file.

    Returns:
        What was written, in the order of the plan.
    """
    plans = SOUNDS + SCENES
    files: list[DemoFile] = []
    for number, plan in enumerate(plans):
        yield Progress("render", number, len(plans), plan.path, sum(f.duration_s for f in files))
        files.append(_write_sound(folder / plan.path, plan, FIRST_SEED + number))
    _write_whole(folder / TRUTH_NAME, _truth(folder, files))
    yield Progress("render", len(plans), len(plans), TRUTH_NAME, sum(f.duration_s for f in files))
    return tuple(files)


def demo_captions(files: Sequence[DemoFile]) -> tuple[DemoCaption, ...]:
    """60 captions about the library's scenes, in several wordings of order, with right answers."""
    return tuple(
        DemoCaption(claim.text, tuple(f.path for f in files if claim.holds(f.events)))
        for claim in _claims(files)
    )


def _claims(files: Sequence[DemoFile]) -> Iterator[Claim]:
    """Three captions for each scene in which sounds follow each other, two for the others."""
    for number, file in enumerate(file for file in files if len(file.events) > 1):
        a, b, *more = file.events
        if b.start_s < a.end_s:
            for one, other in ((a.kind, b.kind), (b.kind, a.kind)):
                text = " while ".join(KINDS[kind].wordings[0] for kind in (one, other))
                yield Claim(text, together=(one, other))
            continue
        order = (a.kind, b.kind)
        yield Claim(f"{a.text} then {b.text}", in_order=order)
        yield Claim(f"{b.text} after {a.text}", in_order=order)
        if more:
            c = more[0]
            yield Claim(f"{a.text}, then {b.text}, then {c.text}", in_order=(*order, c.kind))
        else:
            joined = ("{a} followed by {b}", "{a} before {b}")[number % 2]
            yield Claim(joined.format(a=a.text, b=b.text), in_order=order)
    yield from ABSENCES


def _write_sound(target: Path, plan: FilePlan, seed: int) -> DemoFile:
    """Render one file of the plan and write it."""
    scene = mix_scene(
        plan.placements,
        seed=seed,
        duration_s=plan.duration_s,
        sample_rate=plan.sample_rate,
        channels=plan.channels,
    )
    samples = scene.samples
    if len(scene.events) == 1:
        samples = samples[: round(scene.events[0].end_s * plan.sample_rate)]
    encoded = io.BytesIO()
    soundfile.write(
        encoded,
        samples,
        plan.sample_rate,
        format=CONTAINERS[target.suffix.lower()],
        subtype=plan.subtype,
    )
    _write_whole(target, encoded.getvalue())
    return DemoFile(
        path=target,
        duration_s=len(samples) / plan.sample_rate,
        sample_rate=plan.sample_rate,
        channels=plan.channels,
        events=scene.events,
    )


def _write_whole(target: Path, content: bytes) -> None:
    """Write a file under another name and give it its own when it is complete."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(content)
    part.replace(target)


def _truth(folder: Path, files: Sequence[DemoFile]) -> bytes:
    """The library's truth as JSON, paths relative to its folder."""
    rows = [
        {
            "path": file.path.relative_to(folder).as_posix(),
            "duration_s": file.duration_s,
            "sample_rate": file.sample_rate,
            "channels": file.channels,
            "events": [asdict(event) for event in file.events],
        }
        for file in files
    ]
    return json.dumps({"files": rows}, ensure_ascii=False, indent=1).encode()
