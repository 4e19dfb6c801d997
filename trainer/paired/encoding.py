"""A batch of waveforms and texts becomes one of vectors.

Shapes: B clips, Q phrases with times, M frames, D width.
"""

from __future__ import annotations

import torch

from trainer.paired.batches import ClipBatch
from trainer.paired.encoded import Encoded, Timed
from trainer.paired.system import HeardClips, PairedSystem


def encode(system: PairedSystem, batch: ClipBatch) -> Encoded:
    """Encode clips, captions and timed phrases; all vectors are float32."""
    heard = system.hear(batch.waveform, batch.valid_s)
    captions = system.encode_captions(batch.texts)
    return Encoded(captions, heard.clips, _timed(system, batch, heard), batch.pairs)


def _timed(system: PairedSystem, batch: ClipBatch, heard: HeardClips) -> Timed:
    """A frame sounds where its centre lies in a segment."""
    frames, mask, _ = heard.clips
    most = max(map(len, batch.timed))
    phrases = frames.new_zeros(len(frames), most, system.width)
    sounding = mask.new_zeros(len(frames), most, mask.shape[1])
    known = torch.zeros_like(sounding)
    texts = [text for row in batch.timed for text, _ in row]
    if not texts:
        return Timed(phrases, sounding, known)
    centres = (torch.arange(mask.shape[1], device=mask.device) + 0.5) * heard.frame_hop_s
    cells = [(row, place) for row, of in enumerate(batch.timed) for place in range(len(of))]
    for row, place in cells:
        known[row, place] = mask[row]
        for start_s, end_s in batch.timed[row][place][1]:
            sounding[row, place] |= (centres >= start_s) & (centres < end_s)
    index = tuple(torch.tensor(axis, device=frames.device) for axis in zip(*cells, strict=True))
    return Timed(phrases.index_put(index, system.encode_phrases(texts)), sounding, known)
