"""Codewords as a picture, a row each: its nearest phrases, its cosine through its best clips."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from trainer.codewords.meaning import CLIPS, Codeword, NearClip

ROW_INCHES, COLUMN_INCHES = 1.5, 3.2


def draw_codewords(codewords: Sequence[Codeword], out: Path) -> None:
    """Draw them, most used first.

    Args:
        codewords: at least one.
        out: PNG to write.
    """
    columns = 1 + CLIPS
    figure = Figure(
        figsize=(columns * COLUMN_INCHES, len(codewords) * ROW_INCHES), layout="constrained"
    )
    axes: Any = figure.subplots(len(codewords), columns, squeeze=False)
    for row, codeword in zip(axes, codewords, strict=True):
        _tell(row[0], codeword)
        for one in row[1:]:
            one.set_axis_off()
        for one, clip in zip(row[1:], codeword.examples, strict=False):
            _draw(one, clip)
    figure.supxlabel("seconds", fontsize=8)
    figure.savefig(out)


def _tell(axes: Any, codeword: Codeword) -> None:
    lines = [f"codeword {codeword.number}: {100 * codeword.share:.1f} %, {codeword.clips} clips"]
    lines += [f"{phrase.cosine:.2f}  {phrase.text}" for phrase in codeword.phrases]
    axes.set_axis_off()
    axes.text(0.0, 1.0, "\n".join(lines), va="top", fontsize=8, transform=axes.transAxes)


def _draw(axes: Any, clip: NearClip) -> None:
    """Its cosines through time, one axis for all clips so that rows can be compared."""
    axes.set_axis_on()
    axes.stairs(clip.cosines.clip(min=0.0), clip.edges_s, fill=True, alpha=0.6)
    axes.set_ylim(0.0, 1.0)
    axes.set_title(f"{clip.label.replace('_', ' ')} ({clip.name})", fontsize=8)
    axes.tick_params(labelsize=7)
