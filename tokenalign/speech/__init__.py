"""Words of a known transcript on the time axis, by the attention of a speech model."""

from tokenalign.speech.aligner import Aligner, load_aligner
from tokenalign.speech.bundle import SpeechBundle
from tokenalign.speech.words import TimedWord

__all__ = ["Aligner", "SpeechBundle", "TimedWord", "load_aligner"]
