"""Files to samples to log-mel frames: probing, decoding, resampling and the front end."""

from tokenalign.audio.frontend import FrontEnd, LogMel

__all__ = ["FrontEnd", "LogMel"]
