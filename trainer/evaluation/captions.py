"""Captions of test scenes, in wordings and templates that training never saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from trainer.evaluation.scenes import TestScene
from trainer.scenes import Arrangement

TEMPLATE_KINDS: Mapping[Arrangement, tuple[str, ...]] = {
    Arrangement.SINGLE: ("single",),
    Arrangement.SEQUENCE: ("forward", "reversed"),
    Arrangement.OVERLAP: ("overlap",),
}


class TestCaptions:
    """Draws captions.

    Args:
        wordings: phrases for each label.
        templates: by kind, with the slots {a} and {b} in order of time.
        seed: of every choice.
    """

    __test__ = False  # not a test case, whatever pytest thinks of the name

    def __init__(
        self,
        wordings: Mapping[str, Sequence[str]],
        templates: Mapping[str, Sequence[str]],
        seed: int,
    ) -> None:
        self._wordings = wordings
        self._templates = templates
        self._rng = np.random.default_rng(seed)

    def phrase(self, label: str) -> str:
        """A wording of one sound."""
        return str(self._rng.choice(self._wordings[label]))

    def of_kind(self, kind: str, labels: Sequence[str]) -> str:
        """A caption of the given template kind; labels in order of time."""
        return self.from_words(kind, [self.phrase(label) for label in labels])

    def from_words(self, kind: str, words: Sequence[str]) -> str:
        """A caption of the given template kind from given phrases, in order of time."""
        template = str(self._rng.choice(self._templates[kind]))
        return template.format(**dict(zip("abc", words, strict=False)))

    def of_scene(self, scene: TestScene) -> str:
        """A caption that names all of a scene."""
        kind = str(self._rng.choice(TEMPLATE_KINDS[scene.arrangement]))
        return self.of_kind(kind, [event.label for event in scene.events])
