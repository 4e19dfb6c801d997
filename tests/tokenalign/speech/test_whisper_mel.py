from __future__ import annotations

import numpy as np
import pytest

from tokenalign.speech.whisper_mel import WhisperMel, whisper_front_end

RATE = 16000


@pytest.mark.parametrize("bands", [80, 128])
@pytest.mark.parametrize("seconds", [0.4, 30.0])
def test_it_is_what_whispers_own_extractor_gives(bands: int, seconds: float) -> None:
    from transformers import WhisperFeatureExtractor

    extractor = WhisperFeatureExtractor(feature_size=bands)  # type: ignore[no-untyped-call]
    rng = np.random.default_rng(1)
    tone = np.sin(np.arange(round(seconds * RATE)) * 0.2)
    samples = (0.3 * tone + rng.normal(0.0, 0.01, len(tone))).astype(np.float32)
    samples[len(samples) // 2 :] *= 1e-5  # more than 80 dB below the rest

    own = extractor(samples, sampling_rate=RATE, padding="do_not_pad", return_tensors="np")
    found = WhisperMel(whisper_front_end(bands))(samples)

    expected = own["input_features"][0].T
    assert found.shape == expected.shape == (round(seconds * 100), bands)
    np.testing.assert_allclose(found, expected, atol=2e-4)


def test_silence_is_even() -> None:
    mel = WhisperMel(whisper_front_end(80))(np.zeros(RATE, np.float32))

    # The last bit of a logarithm differs from processor to processor.
    np.testing.assert_allclose(mel, (-10 + 4) / 4, rtol=1e-6)
