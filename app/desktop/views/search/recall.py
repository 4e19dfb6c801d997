"""Going through captions of the past, and back to what was being typed."""

from __future__ import annotations

from collections.abc import Sequence


class Recall:
    """A place among recent captions, the latest first; -1 is what is being typed."""

    def __init__(self) -> None:
        self._captions: tuple[str, ...] = ()
        self._latest: tuple[str, ...] = ()
        self._typed = ""
        self._place = -1

    @property
    def recalling(self) -> bool:
        """Whether a caption of the past is shown."""
        return self._place >= 0

    def learn(self, captions: Sequence[str]) -> None:
        """Captions to recall; while one is shown, the row that it stands in stays."""
        self._latest = tuple(captions)

    def reset(self) -> None:
        """The person types: the present begins anew."""
        self._place = -1

    def older(self, shown: str) -> str | None:
        """The caption before the one that is shown; None beyond the oldest."""
        if not self.recalling:
            self._captions, self._typed = self._latest, shown
        for place in range(self._place + 1, len(self._captions)):
            if self._captions[place] != shown:
                self._place = place
                return self._captions[place]
        return None

    def newer(self) -> str:
        """The caption after it; in the end what was being typed."""
        self._place -= 1
        return self._captions[self._place] if self.recalling else self._typed
