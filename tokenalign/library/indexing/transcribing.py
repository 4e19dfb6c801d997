"""Taking up what stands beside sounds: transcripts that are new, have changed, or are gone."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

from tokenalign.errors import TokenAlignError
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.files.scanner import Found
from tokenalign.library.indexing.commits import Commits
from tokenalign.library.pulse import Pulse
from tokenalign.progress import Progress
from tokenalign.speech.transcripts import Transcript, read_transcript


class Transcribing:
    """Reads transcripts; no sound is opened for it.

    Args:
        catalogue: where they go, in the transaction that is open.
        commits: told of files that nothing else is written of.
    """

    def __init__(self, *, catalogue: Catalogue, commits: Commits) -> None:
        self._catalogue = catalogue
        self._commits = commits

    def take_up(self, sounds: Sequence[Found]) -> Generator[Progress, None, None]:
        """Bring the catalogue up to date with what stands beside some of its sounds."""
        pulse = Pulse()
        for done, sound in enumerate(sounds, start=1):
            if sound.sidecar is None:
                self._catalogue.transcripts.drop(sound.path)
            else:
                transcript = _read(Path(sound.sidecar.path))
                self._catalogue.transcripts.put(sound.path, sound.sidecar.stamp, transcript)
            self._commits.count_file()
            if pulse.due():
                self._commits.commit_before_rest()
                yield Progress("transcripts", done, len(sounds), sound.path)


def _read(path: Path) -> Transcript | None:
    """None for what is no transcript, or cannot be read; it is looked at again when it changes."""
    try:
        return read_transcript(path)
    except TokenAlignError:
        return None
