"""How many files a second transformers' ClapModel encodes, the way its own examples do."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import librosa
import torch
from transformers import ClapConfig, ClapFeatureExtractor, ClapModel

RATE_HZ = 48_000
BATCH = 8


def main() -> None:
    """Request: files, threads. Answer: files_per_s."""
    request = json.load(sys.stdin)
    torch.set_num_threads(request["threads"])
    torch.manual_seed(0)
    files = [Path(name) for name in request["files"]]
    model = ClapModel(ClapConfig())  # its default is htsat-unfused
    model.train(False)
    extractor = ClapFeatureExtractor(truncation="rand_trunc", padding="repeatpad")
    encode(model, extractor, files[:1])
    started_s = time.perf_counter()
    for first in range(0, len(files), BATCH):
        encode(model, extractor, files[first : first + BATCH])
    print(json.dumps({"files_per_s": len(files) / (time.perf_counter() - started_s)}))  # noqa: T201


def encode(model: ClapModel, extractor: ClapFeatureExtractor, files: list[Path]) -> None:
    """Decode, extract features and encode some files."""
    sounds = [librosa.load(path, sr=RATE_HZ)[0] for path in files]
    features = extractor(sounds, sampling_rate=RATE_HZ, return_tensors="pt")
    with torch.inference_mode():
        model.get_audio_features(**features)


if __name__ == "__main__":
    main()
