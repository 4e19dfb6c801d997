"""Looking at a library again in which nothing has changed reads folders, and no file."""

from __future__ import annotations

import builtins
import io
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tokenalign.library.fakes import FakeModel, InlineDecoder, indexed, write_tones
from tokenalign.library import Library


@pytest.fixture
def opens(sounds: Path, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file below `sounds` was opened so far."""
    seen: Counter[str] = Counter()

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def opening(file: object, *arguments: object, **options: object) -> object:
            if isinstance(file, str | bytes | os.PathLike):
                path = Path(os.fsdecode(file))
                seen.update([path.name] * (path.is_file() and sounds in path.parents))
            return real(file, *arguments, **options)

        return opening

    for module, name in ((builtins, "open"), (io, "open"), (os, "open")):
        monkeypatch.setattr(module, name, counted(getattr(module, name)))
    return seen


def test_an_unchanged_library_is_not_opened(
    library: Library, sounds: Path, opens: Counter[str], decoder: InlineDecoder
) -> None:
    assert indexed(library, sounds).indexed == 8
    assert set(opens) == {f"band{band}.wav" for band in range(8)}
    opens.clear()
    for paths, unchanged in (((sounds,), 8), ((), 8), ((sounds / "band3.wav",), 1)):
        report = indexed(library, *paths)
        assert (report.indexed, report.unchanged, report.failed) == (0, unchanged, ())
    assert opens == Counter()
    assert len(decoder.opened) == 8


def test_what_failed_before_is_not_opened_either(
    library: Library, sounds: Path, opens: Counter[str]
) -> None:
    (sounds / "bad.wav").write_bytes(b"no audio at all")
    assert len(indexed(library, sounds).failed) == 1
    assert opens["bad.wav"] > 0
    opens.clear()
    assert len(indexed(library, sounds).failed) == 1
    assert opens == Counter()


def test_only_what_has_changed_is_opened(
    library: Library, sounds: Path, opens: Counter[str]
) -> None:
    indexed(library, sounds)
    write_tones(sounds / "band3.wav", (3, 2.0))
    opens.clear()
    assert indexed(library, sounds).indexed == 1
    assert set(opens) == {"band3.wav"}


def test_bytes_that_change_under_the_same_size_and_time_are_the_price(
    library: Library, sounds: Path
) -> None:
    indexed(library, sounds)
    file = sounds / "band3.wav"
    facts = file.stat()
    write_tones(file, (5, 1.0))
    os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    report = indexed(library, sounds)
    assert (report.indexed, report.unchanged) == (0, 8)
    hits = library.search("band 3", FakeModel()).results
    assert hits[0].path == file
