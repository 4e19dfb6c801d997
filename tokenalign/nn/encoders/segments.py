"""Clips of any length through an encoder that takes segments of one length.

A clip longer than a segment is cut into segments that overlap; where two overlap, their frames
are cross-faded, so that nothing jumps at a border. A clip's segments depend on its own length
alone: the same clip gives the same frames in any batch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from tokenalign.nn.encoders.interface import AudioFrames

EncodeSegments = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
"""``samples [R, L], real [R] int64 -> frames [R, K, C], kept [R, K] bool``: R segments of L
samples, of which the first `real` are of the clip and the rest zero."""


@dataclass(frozen=True)
class Segmenting:
    """How clips are cut.

    Attributes:
        sample_rate: of the waveform.
        segment_samples: L, samples of a segment.
        frame_samples: samples from frame to frame.
        segment_frames: K, frames of a segment.
        overlap_frames: frames that neighbouring segments share.
    """

    sample_rate: int
    segment_samples: int
    frame_samples: int
    segment_frames: int
    overlap_frames: int

    @property
    def frame_hop_s(self) -> float:
        """Seconds from frame to frame."""
        return self.frame_samples / self.sample_rate

    @property
    def hop_frames(self) -> int:
        """Frames from segment to segment."""
        return self.segment_frames - self.overlap_frames

    def frame_count(self, samples: int) -> int:
        """Frames whose centre lies inside a clip, at least one.

        A last frame that would need a segment of its own is left out: a file of 10.02 s (as MP3
        makes them) is not worth the work of 20 s.
        """
        half = self.frame_samples // 2
        count = max(1, -(-(samples - half) // self.frame_samples))
        beyond = count - self.segment_frames
        return count - 1 if beyond > 0 and beyond % self.hop_frames == 1 else count

    def segment_starts(self, frames: int) -> range:
        """First frames of the segments that cover so many frames."""
        beyond = max(0, frames - self.segment_frames)
        return range(0, self.hop_frames * (-(-beyond // self.hop_frames)) + 1, self.hop_frames)

    def encode(self, waveform: Tensor, valid_s: Tensor, encode: EncodeSegments) -> AudioFrames:
        """Cut, encode and join.

        Args:
            waveform: [B, S].
            valid_s: [B].
            encode: gives the frames of segments.
        """
        samples = [round(seconds * self.sample_rate) for seconds in valid_s.tolist()]
        counts = [self.frame_count(length) for length in samples]
        places = [
            (clip, start)
            for clip, count in enumerate(counts)
            for start in self.segment_starts(count)
        ]
        pieces, real = self._cut(waveform, samples, places)
        frames, kept = encode(pieces, real)
        return self._join(frames, kept, counts, places)

    def _cut(
        self, waveform: Tensor, samples: list[int], places: list[tuple[int, int]]
    ) -> tuple[Tensor, Tensor]:
        pieces = waveform.new_zeros(len(places), self.segment_samples)
        real = torch.zeros(len(places), dtype=torch.int64)
        for row, (clip, start) in enumerate(places):
            first = start * self.frame_samples
            last = min(first + self.segment_samples, samples[clip], waveform.shape[1])
            pieces[row, : last - first] = waveform[clip, first:last]
            real[row] = last - first
        return pieces, real.to(waveform.device)

    def _join(
        self, frames: Tensor, kept: Tensor, counts: list[int], places: list[tuple[int, int]]
    ) -> AudioFrames:
        """Weighted mean of the segments' frames, over those that were kept."""
        share = kept * self._fade(counts, places).to(frames)
        shape = (len(counts), max(counts))
        size = shape[0] * shape[1]
        first = torch.tensor([clip * shape[1] + start for clip, start in places])
        # What lies behind a clip has no weight: it may fall on any cell, but not off the grid.
        cells = (first.unsqueeze(1) + torch.arange(self.segment_frames)).clamp(max=size - 1)
        cells = cells.flatten().to(frames.device)
        weight = share.new_zeros(size).index_add(0, cells, share.flatten())
        total = frames.new_zeros(size, frames.shape[-1]).index_add(
            0, cells, (share.unsqueeze(-1) * frames).flatten(0, 1)
        )
        mean = total / weight.clamp(min=torch.finfo(weight.dtype).tiny).unsqueeze(-1)
        return AudioFrames(
            frames=mean.reshape(*shape, -1),
            mask=(weight > 0).reshape(shape),
            frame_hop_s=self.frame_hop_s,
        )

    def _fade(self, counts: list[int], places: list[tuple[int, int]]) -> Tensor:
        """Weight [R, K] of every segment's frames: ramps where it overlaps, 0 behind the clip."""
        overlap = self.overlap_frames
        ramp = (torch.arange(overlap) + 0.5) / overlap
        fade = torch.ones(len(places), self.segment_frames)
        for row, (clip, start) in enumerate(places):
            if start > 0:
                fade[row, :overlap] = ramp
            if start + self.segment_frames < counts[clip]:
                fade[row, -overlap:] = ramp.flip(0)
            fade[row, max(0, counts[clip] - start) :] = 0
        return fade
