"""Export of a run of text-aligned speech: the command's side of `trainer.speech.export`."""

from __future__ import annotations

from pathlib import Path

from trainer.commands.options import report_progress
from trainer.speech.corpus import read_corpus
from trainer.speech.export import export_speech
from trainer.speech.run import open_run
from trainer.speech.units import read_kind


def export_speech_run(run: Path, corpus: Path, *, name: str, out: Path, encoders: Path) -> None:
    """Make a bundle that times words of a run's averaged weights.

    Args:
        run: its folder.
        corpus: prepared, that it was trained on.
        name: the bundle's.
        out: the bundle's folder.
        encoders: fetched weights.
    """
    trained = open_run(run, units=read_kind(corpus).count, cache=encoders)
    bundle = export_speech(trained, read_corpus(corpus), name=name, out=out)
    report_progress("bundle written", 1, 1, f"{bundle.size_bytes() / 1e6:.1f} MB")
