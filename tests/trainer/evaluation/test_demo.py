"""Figures on the demo library count right clips that come first, and among three."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tokenalign.engine import Model
from tokenalign.progress import Progress
from tokenalign.soundscapes import DemoCaption
from trainer.evaluation.demo import measure_demo

RIGHT, WRONG = Path("right.wav"), Path("wrong.wav")
ANSWERS = {
    "first": [RIGHT, WRONG, WRONG],
    "third": [WRONG, WRONG, RIGHT],
    "never": [WRONG, WRONG, WRONG],
    "nothing": [],
}


class FakeLibrary:
    """Answers each caption as its name says."""

    indexed: Sequence[Path] = ()

    @classmethod
    def open(cls, data_dir: Path) -> FakeLibrary:
        return cls()

    def __enter__(self) -> FakeLibrary:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def index(self, paths: Sequence[Path], model: Model) -> Generator[Progress, None, None]:
        yield Progress("index", 0)
        self.indexed = paths

    def search(self, caption: str, model: Model, *, limit: int) -> Any:
        assert self.indexed, "searched before the index was finished"
        return SimpleNamespace(
            results=tuple(SimpleNamespace(path=path) for path in ANSWERS[caption][:limit])
        )


def test_right_clips_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_sounds(folder: Path) -> Generator[Progress, None, tuple[()]]:
        yield Progress("render", 0)
        return ()

    captions = tuple(DemoCaption(name, (RIGHT,)) for name in ANSWERS)
    monkeypatch.setattr("trainer.evaluation.demo.Library", FakeLibrary)
    monkeypatch.setattr("trainer.evaluation.demo.write_demo_library", no_sounds)
    monkeypatch.setattr("trainer.evaluation.demo.demo_captions", lambda files: captions)

    first, among_three = measure_demo(cast(Model, object()), tmp_path)

    assert first.figure.value == 25.0
    assert among_three.figure.value == 50.0
    assert "rendered" in first.name
    assert "rendered" in among_three.name
