"""How long our front end takes for some files, and librosa's, by turns."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.bench.timing import median_s, medians_s
from tokenalign.audio import FrontEnd, LogMel, read_mono


def main() -> None:
    """Request: files, front_end, with_peer. Answer: ours_s and peer_s, for each file."""
    request = json.load(sys.stdin)
    front_end = FrontEnd(**request["front_end"])
    log_mel = LogMel(front_end)
    ours_s, peer_s = [], []
    for name in request["files"]:
        ours = partial(our_log_mel, Path(name), front_end, log_mel)
        if request["with_peer"]:
            times_s = medians_s(ours, partial(librosa_log_mel, Path(name), front_end))
            ours_s.append(times_s[0])
            peer_s.append(times_s[1])
        else:
            ours_s.append(median_s(ours))
    print(json.dumps({"ours_s": ours_s, "peer_s": peer_s}))  # noqa: T201


def our_log_mel(path: Path, front_end: FrontEnd, log_mel: LogMel) -> NDArray[np.float32]:
    """A file's log-mel, [T, F]."""
    return log_mel(read_mono(path, sample_rate=front_end.sample_rate))


def librosa_log_mel(path: Path, front_end: FrontEnd) -> NDArray[np.float32]:
    """The same by librosa, [T, F]; frames begin a little earlier."""
    import librosa

    samples, rate = librosa.load(path, sr=front_end.sample_rate)
    power = librosa.feature.melspectrogram(
        y=samples,
        sr=rate,
        n_fft=front_end.window_samples,
        hop_length=front_end.hop_samples,
        n_mels=front_end.mel_bands,
        fmin=front_end.low_hz,
        fmax=front_end.high_hz,
        htk=True,
        norm=None,
    )
    log: NDArray[np.float32] = np.log(power.T + front_end.floor)
    return (log + front_end.offset) / front_end.scale


if __name__ == "__main__":
    main()
