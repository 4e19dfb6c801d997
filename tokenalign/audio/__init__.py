"""Files to samples to log-mel frames: probing, decoding, resampling and the front end."""

from tokenalign.audio.decoding import read_mono, read_region, stream_mono
from tokenalign.audio.frontend import FrontEnd, LogMel
from tokenalign.audio.mono import to_mono
from tokenalign.audio.probing import AudioInfo, probe

__all__ = [
    "AudioInfo",
    "FrontEnd",
    "LogMel",
    "probe",
    "read_mono",
    "read_region",
    "stream_mono",
    "to_mono",
]
