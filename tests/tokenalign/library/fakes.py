"""A model whose answers can be worked out by hand, tones for it, and a decoder without a child.

The decoder's `quick_decode` goes without the real front end: most tests are not about it.

The model's width is 8: a frame's vector says how its power is shared by eight bands of pitch, and
the phrase "band 3" is the unit vector of the fourth. So "band 3" finds the tone `tone_hz(3)`.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
import soundfile
from numpy.typing import NDArray

from tokenalign.audio import AudioInfo, FrontEnd, probe
from tokenalign.clip import Clip, frame_edges, window_starts
from tokenalign.errors import TokenAlignError
from tokenalign.first_stage import USUAL_FIRST_STAGE, FirstStage
from tokenalign.frame_codec import FrameCodec, HalfFrames
from tokenalign.grounding import Grounding, PhraseGrounding, spans
from tokenalign.library import IndexReport, Library
from tokenalign.library.decoding.decoder import Decoded, Task
from tokenalign.library.decoding.worker import Decode
from tokenalign.query import parse
from tokenalign.query.types import ANYTIME, NEGATED, Phrase, Query
from tokenalign.refinement import PhraseRows

FloatArray = NDArray[np.float32]

WIDTH = 8
MELS_PER_FRAME = 16
WINDOW, HOP = 64, 32
FRAME_S = 0.16
RATE_HZ = 32_000
FRONT_END = FrontEnd()

Value = TypeVar("Value")


def run(steps: Generator[object, None, Value]) -> Value:
    """Run a generator to its end; what it returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: Value = end.value
            return value


def tone_hz(band: int) -> float:
    """The middle of one of the eight bands."""
    low, high = _mel(50.0), _mel(16000.0)
    mel = low + (band + 0.5) / WIDTH * (high - low)
    return float(700 * (10 ** (mel / 2595) - 1))


def tones(parts: Iterable[tuple[int | None, float]], *, seed: int = 0) -> FloatArray:
    """Samples of bands, or silence for None, one after the other; (band, seconds) each."""
    random = np.random.default_rng(seed)
    pieces = [np.zeros(0)]
    for band, seconds in parts:
        time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
        phase = random.uniform(0, 2 * np.pi)
        hz, loudness = (0.0, 0.0) if band is None else (tone_hz(band), 0.3)
        pieces.append(loudness * np.sin(2 * np.pi * hz * time_s + phase))
    return np.concatenate(pieces).astype(np.float32)


def write_tones(path: Path, *parts: tuple[int | None, float], seed: int = 0) -> Path:
    """A sound file of `tones`, in the format of its suffix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, tones(parts, seed=seed), RATE_HZ)
    return path


def indexed(library: Library, *paths: Path, model: FakeModel | None = None) -> IndexReport:
    """Index to the end."""
    return run(library.index(paths, model or FakeModel()))


@dataclass(frozen=True)
class FakeThresholds:
    match: float = 0.5


IN_HALF = HalfFrames(WIDTH)


@dataclass(frozen=True)
class FakeBundle:
    name: str = "fake"
    identity: str = "a" * 64
    width: int = WIDTH
    frame_hop_s: float = FRAME_S
    window_frames: int = WINDOW
    window_hop_frames: int = HOP
    frame_codec: FrameCodec = IN_HALF
    thresholds: FakeThresholds = FakeThresholds()
    front_end: FrontEnd = FRONT_END
    first_stage: FirstStage = USUAL_FIRST_STAGE


@dataclass(frozen=True)
class FakeCaption:
    query: Query
    phrases: FloatArray
    rank: NDArray[np.int64]

    @property
    def scored(self) -> PhraseRows:
        return PhraseRows(self.phrases, self.rank)

    @property
    def shown_phrases(self) -> tuple[Phrase, ...]:
        return self.query.phrases

    @property
    def wanted_phrases(self) -> tuple[Phrase, ...]:
        return tuple(phrase for phrase in self.query.phrases if phrase.rank != NEGATED)

    @property
    def unknown_phrases(self) -> tuple[Phrase, ...]:
        return tuple(phrase for phrase in self.wanted_phrases if "murmur" in phrase.text)


@dataclass(frozen=True)
class FakeMoment:
    start_s: float
    end_s: float
    score: float
    grounding: Grounding


@dataclass
class FakeModel:
    """See above; counts files in `encoded` and texts in `captions`; `delay_s` is a file's time."""

    bundle: FakeBundle = field(default_factory=FakeBundle)
    delay_s: float = 0.0
    encoded: int = 0
    captions: int = 0

    def encode_mel(self, blocks: Iterable[FloatArray], *, duration_s: float | None = None) -> Clip:
        self.encoded += 1
        time.sleep(self.delay_s)
        frames = np.concatenate([_frames(mel) for mel in _regular(blocks)])
        starts = window_starts(len(frames), WINDOW, HOP)
        gists = [frames[start : start + WINDOW].sum(axis=0) for start in starts]
        length_s = len(frames) * FRAME_S if duration_s is None else duration_s
        return Clip(
            frames=frames,
            mask=np.ones(len(frames), bool),
            frame_edges_s=frame_edges(len(frames), FRAME_S, length_s),
            windows=np.stack([gist / max(np.linalg.norm(gist), 1e-6) for gist in gists]),
            window_starts=starts,
            duration_s=length_s,
        )

    def encode_text(self, caption: str) -> FakeCaption:
        self.captions += 1
        query = parse(caption)
        if not query.phrases:
            raise TokenAlignError(f"{caption!r} names no sound")
        vectors = [np.eye(WIDTH, dtype=np.float32)[int(p.text.split()[-1])] for p in query.phrases]
        rank = np.array([phrase.rank for phrase in query.phrases], np.int64)
        return FakeCaption(query, np.stack(vectors), rank)

    def rank_windows(
        self, caption: FakeCaption, frames: FloatArray, mask: NDArray[np.bool_], windows: FloatArray
    ) -> FloatArray:
        assert frames.shape[0] == mask.shape[0] == windows.shape[0]
        scores = [score(caption, one[real]) for one, real in zip(frames, mask, strict=True)]
        return np.array(scores, np.float32)

    def ground(self, caption: str | FakeCaption, clip: Clip) -> Grounding:
        encoded = self.encode_text(caption) if isinstance(caption, str) else caption
        return self._moment(encoded, clip, 0, len(clip.frames)).grounding

    def moments(self, caption: FakeCaption, clip: Clip, *, limit: int) -> list[FakeMoment]:
        ranges = [(start, min(start + WINDOW, len(clip.frames))) for start in clip.window_starts]
        if caption.rank.max() > 0 and len(ranges) > 1:
            ranges.append((0, len(clip.frames)))
        moments = [self._moment(caption, clip, *each) for each in ranges]
        chosen: list[FakeMoment] = []
        for moment in sorted(moments, key=lambda moment: -moment.score):
            if all(moment.end_s <= m.start_s or moment.start_s >= m.end_s for m in chosen):
                chosen.append(moment)
        return chosen[:limit]

    def _moment(self, caption: FakeCaption, clip: Clip, start: int, end: int) -> FakeMoment:
        edges_s = clip.frame_edges_s[start : end + 1]
        phrases = []
        for phrase, vector in zip(caption.query.phrases, caption.phrases, strict=True):
            heard = clip.frames[start:end] @ vector
            phrases.append(
                PhraseGrounding(
                    text=phrase.text,
                    relation=phrase.relation,
                    start_char=phrase.start_char,
                    end_char=phrase.end_char,
                    score=float(heard.max()),
                    found=bool(heard.max() > 0.5),
                    segments=spans(heard, edges_s, threshold=0.5, join_gap_s=0.2),
                    frame_scores=heard,
                    frame_edges_s=edges_s,
                )
            )
        wanted = [
            s
            for p, r in zip(phrases, caption.rank, strict=True)
            if r != NEGATED
            for s in p.segments
        ]
        value = score(caption, clip.frames[start:end])
        return FakeMoment(
            start_s=min((s.start_s for s in wanted), default=float(edges_s[0])),
            end_s=max((s.end_s for s in wanted), default=float(edges_s[-1])),
            score=value,
            grounding=Grounding(
                caption=caption.query.text,
                score=value,
                phrases=tuple(phrases),
                tokens=(),
                attention=np.zeros((0, end - start), np.float32),
                frame_edges_s=edges_s,
            ),
        )


def score(caption: FakeCaption, frames: FloatArray) -> float:
    """Mean of the phrases' best frames, those in order of time in that order; [0, 1]."""
    heard = frames @ caption.phrases.T  # [M, P]
    wanted = [
        heard[:, caption.rank == rank].mean(axis=1)
        for rank in sorted(set(caption.rank.tolist()))
        if rank >= 0
    ]
    total = _best_in_order(wanted) if wanted else 0.0
    anytime = heard[:, caption.rank == ANYTIME].max(axis=0).sum()
    count = len(wanted) + int((caption.rank == ANYTIME).sum())
    spoiled = heard[:, caption.rank == NEGATED].max(axis=0).sum()
    kept = (total + anytime) / count if count else 1.0
    return float(np.clip(kept - spoiled, 0, 1))


def _best_in_order(tracks: Sequence[FloatArray]) -> float:
    """The highest sum of one frame of each track, strictly later from track to track."""
    best = np.zeros(len(tracks[0]) + 1)
    for track in tracks:
        best = np.maximum.accumulate(np.concatenate([[-9.0], best[:-1] + track]))
    return float(best[-1])


def _regular(blocks: Iterable[FloatArray]) -> Iterator[FloatArray]:
    """The same mel frames in blocks of whole frames, the last one aside; memory stays flat."""
    held = np.zeros((0, 64), np.float32)
    for block in blocks:
        held = np.concatenate([held, block])
        whole = len(held) // MELS_PER_FRAME * MELS_PER_FRAME
        if whole:
            yield held[:whole]
            held = held[whole:]
    if len(held):
        yield np.pad(held, ((0, MELS_PER_FRAME - len(held)), (0, 0)), mode="edge")


def _frames(mel: FloatArray) -> FloatArray:
    power = np.exp(mel * FRONT_END.scale - FRONT_END.offset) - FRONT_END.floor
    bands = power.reshape(-1, MELS_PER_FRAME, WIDTH, 64 // WIDTH).sum(axis=(1, 3))
    vectors = bands / (np.linalg.norm(bands, axis=1, keepdims=True) + 1.0)
    return np.asarray(vectors, np.float32)


def quick_decode(path: Path, front_end: FrontEnd) -> Iterator[AudioInfo | FloatArray]:
    """As `decode_file`, for 32 kHz: one spectrum a frame, in steps of 1/64 of the mel scale."""
    yield probe(path)
    with path.open("rb") as file:  # soundfile takes no name that is not UTF-8
        samples = soundfile.read(file, dtype="float32", always_2d=True)[0].mean(axis=1)
    step = MELS_PER_FRAME * front_end.hop_samples
    frames = np.pad(samples, (0, -len(samples) % step)).reshape(-1, step)
    power = np.abs(np.fft.rfft(frames)[:, 1:]) ** 2
    mel = 2595 * np.log10(1 + np.fft.rfftfreq(step, 1 / RATE_HZ)[1:] / 700)
    edges = np.searchsorted(mel, np.linspace(_mel(50.0), _mel(16000.0), 65)[:-1])
    bands = np.add.reduceat(power, edges, axis=1)
    log_power = (np.log(bands + front_end.floor) + front_end.offset) / front_end.scale
    yield np.repeat(log_power.astype(np.float32), MELS_PER_FRAME, axis=0)


def _mel(hz: float) -> float:
    return float(2595 * np.log10(1 + hz / 700))


class InlineDecoder:
    """Decodes in the process itself, for tests that have nothing to do with the child."""

    at_once = 1

    def __init__(self, front_end: FrontEnd = FRONT_END, *, decode: Decode = quick_decode) -> None:
        self._front_end = front_end
        self._decode = decode
        self.opened: list[str] = []

    @contextmanager
    def open(self, task: Task) -> Iterator[Decoded]:
        self.opened.append(task.path.name)
        items = self._decode(task.path, self._front_end)
        info = next(items)
        assert isinstance(info, AudioInfo)
        blocks = (item for item in items if not isinstance(item, AudioInfo))
        yield Decoded(info, blocks, front_end=self._front_end)

    def stop(self) -> None:
        pass

    def close(self) -> None:
        pass
