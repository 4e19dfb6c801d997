"""Run a bundle that times words: a recording and its transcript to words with times.

No torch here; the graph runs in ONNX Runtime.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenalign.audio import LogMel, read_mono, to_mono
from tokenalign.bundle_files import open_graph, open_tokenizer
from tokenalign.clip import FloatArray
from tokenalign.errors import TokenAlignError
from tokenalign.speech.bundle import GRAPH, TOKENIZER, SpeechBundle, find_speech_bundle
from tokenalign.speech.energy import foreground, frame_levels_db, sounding
from tokenalign.speech.timeline import Attention, Span, within
from tokenalign.speech.tokens import TokenReader
from tokenalign.speech.walk import Grid, walk
from tokenalign.speech.whisper_mel import WhisperMel
from tokenalign.speech.words import TimedWord, Word, split_words

LEAST_KNOWN = 0.5
"""Of a transcript's words, for any to be timed: alone among strangers, a known word would be
stretched over what they say."""


class Aligner:
    """A bundle, loaded.

    Args:
        bundle: what to load; its files are not verified here (see `SpeechBundle.verify`).
        threads: threads of ONNX Runtime; by default as many as there are cores.

    Raises:
        TokenAlignError: its files are damaged, or do not fit together.
    """

    def __init__(self, bundle: SpeechBundle, *, threads: int | None = None) -> None:
        self.bundle = bundle
        kind = WhisperMel if bundle.front_end_kind == "whisper" else LogMel
        self._mel = kind(bundle.front_end)
        self._graph = open_graph(bundle.path / GRAPH, threads)
        # A graph of one length is fed with silence to it, as its model was.
        fixed = self._graph.get_inputs()[0].shape[1]
        self._padded = isinstance(fixed, int)
        window_samples = bundle.window_frames * bundle.frame_samples
        if self._padded and fixed * bundle.front_end.hop_samples != window_samples:
            raise TokenAlignError(
                f"{bundle.path / GRAPH}: takes {fixed} log-mel frames, which its manifest does not",
                "import or export the bundle again",
            )
        tokenizer = open_tokenizer(bundle.path / TOKENIZER)
        self._reader = TokenReader(tokenizer, bundle.vocabulary)
        self._gap = None if bundle.gap is None else tokenizer.token_to_id(bundle.gap)
        self._grid = Grid(
            bundle.frame_hop_s, bundle.window_frames, bundle.max_tokens, bundle.median_frames
        )

    @property
    def identity(self) -> str:
        """Of the bundle: another one may give other times."""
        return self.bundle.identity

    def align_file(
        self,
        path: str | os.PathLike[str],
        transcript: str,
        *,
        before_window: Callable[[], object] = lambda: None,
    ) -> tuple[TimedWord, ...]:
        """Times of the words of a file's transcript, as `align`.

        Args:
            path: the file.
            transcript: what is said in it, all of it, in order.
            before_window: called before each window; to stop a long file, let it raise.

        Raises:
            AudioFileError: the file cannot be used.
        """
        rate = self.bundle.front_end.sample_rate
        return self._align(
            lambda: read_mono(Path(path), sample_rate=rate), transcript, before_window
        )

    def align(
        self, samples: NDArray[np.floating], sample_rate: int, transcript: str
    ) -> tuple[TimedWord, ...]:
        """Times of the words of a transcript.

        Args:
            samples: [S] or [S, channels], of any length.
            sample_rate: of the samples.
            transcript: what is said in them, all of it, in order.

        Returns:
            All words of the transcript, in its order, with times where the model has them; none
            has if the model does not know at least half of them.
        """
        rate = self.bundle.front_end.sample_rate
        given = np.asarray(samples, np.float32)
        return self._align(
            lambda: to_mono(given, sample_rate, target_rate=rate), transcript, lambda: None
        )

    def _align(
        self,
        heard: Callable[[], FloatArray],
        transcript: str,
        before_window: Callable[[], object],
    ) -> tuple[TimedWord, ...]:
        """The sound is asked for only if there are words to look for in it."""
        words = split_words(transcript)
        tokens = [self._reader.ids(word) for word in words]
        if sum(map(bool, tokens)) < LEAST_KNOWN * max(1, len(words)):
            return tuple(_timed(word, None, 0.0) for word in words)
        samples = heard()

        def attend(first_frame: int, frames: int, token_ids: Sequence[int]) -> Attention:
            before_window()
            hop = self.bundle.frame_samples
            part = samples[first_frame * hop : (first_frame + frames) * hop]
            return self._attention(part, frames, token_ids)

        levels = frame_levels_db(samples, self.bundle.frame_samples)
        spans = walk(
            attend,
            tokens,
            closing=self._reader.closing,
            sounding=sounding(levels),
            foreground=foreground(levels),
            grid=self._grid,
            gap=self._gap,
        )
        duration_s = len(samples) / self.bundle.front_end.sample_rate
        return tuple(
            _timed(word, span, duration_s) for word, span in zip(words, spans, strict=True)
        )

    def _attention(self, samples: FloatArray, frames: int, token_ids: Sequence[int]) -> Attention:
        """Attention [H, L, frames] of tokens to the frames of samples, without what was padded."""
        held = self.bundle.window_frames if self._padded else frames
        missing = held * self.bundle.frame_samples - len(samples)
        mel = self._mel(np.pad(samples, (0, missing)))
        (attention,) = self._graph.run(
            None, {"mel": mel[None], "token_ids": np.array([token_ids], np.int64)}
        )
        return within(attention, frames)


def _timed(word: Word, span: Span | None, duration_s: float) -> TimedWord:
    """The last frame may end behind the recording."""
    if span is None:
        return TimedWord(word.text, word.start_char, word.end_char, None, None, 0.0)
    start_s, end_s = min(span.start_s, duration_s), min(span.end_s, duration_s)
    return TimedWord(word.text, word.start_char, word.end_char, start_s, end_s, span.confidence)


def load_aligner(name_or_path: str | Path, *, threads: int | None = None) -> Aligner:
    """Load a bundle that times words by installed name, or by the path of its folder.

    Raises:
        TokenAlignError: there is no such bundle, it is one for search, or it is damaged.
    """
    return Aligner(find_speech_bundle(name_or_path), threads=threads)
