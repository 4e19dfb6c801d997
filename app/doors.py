"""How the program reaches the library and the models; tests put others in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tokenalign import load_bundle
from tokenalign.bundle import Bundle, installed_bundles
from tokenalign.engine import Model
from tokenalign.library import Library
from tokenalign.speech import SpeechBundle, load_aligner
from tokenalign.speech.bundle import installed_speech_bundles
from tokenalign.speech.spoken import WordAligner


@dataclass(frozen=True)
class Doors:
    """What terminal and window open alike.

    Attributes:
        open_library: a data folder to a library.
        load_model: a bundle's name or path to a model.
        installed_bundles: those that came with the program.
        load_aligner: name or path of a bundle that times words to what runs it.
        installed_speech_bundles: those that time words among the installed ones.
    """

    open_library: Callable[[Path], Library]
    load_model: Callable[[str], Model]
    installed_bundles: Callable[[], Iterable[Bundle]]
    load_aligner: Callable[[str], WordAligner]
    installed_speech_bundles: Callable[[], Iterable[SpeechBundle]]

    def speech_bundle(self, chosen: str) -> str:
        """Name or path of the bundle that times words.

        Args:
            chosen: by the person; empty for an installed one.

        Returns:
            Empty if none is chosen, and none installed.
        """
        if chosen:
            return chosen
        return next((str(bundle.path) for bundle in self.installed_speech_bundles()), "")


def real_doors() -> Doors:
    """Those of the program."""
    return Doors(
        open_library=Library.open,
        load_model=load_bundle,
        installed_bundles=installed_bundles,
        load_aligner=load_aligner,
        installed_speech_bundles=installed_speech_bundles,
    )
