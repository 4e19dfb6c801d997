"""Find moments in sound by caption, and say which segment matches which phrase.

>>> from tokenalign import load_bundle
>>> model = load_bundle("starter")
>>> clip = model.encode_file("x.wav")
>>> model.ground("a dog barks then rain", clip).phrases[0].segments
"""

from tokenalign.clip import Clip
from tokenalign.engine import Model, load_bundle
from tokenalign.errors import AudioFileError, TokenAlignError
from tokenalign.grounding import Grounding
from tokenalign.moment import Moment

__all__ = [
    "AudioFileError",
    "Clip",
    "Grounding",
    "Model",
    "Moment",
    "TokenAlignError",
    "load_bundle",
]
