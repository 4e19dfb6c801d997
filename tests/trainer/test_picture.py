"""The loss picture is drawn from a log of any length."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trainer.picture import draw_losses


@pytest.mark.parametrize("steps", [1, 3, 60])
def test_a_picture_is_drawn(tmp_path: Path, steps: int) -> None:
    figures = (
        {"loss": 1.0 / s, "seconds": 2.0, "contrastive": 0.5 / s} for s in range(1, 1 + steps)
    )
    lines = [json.dumps({"step": step} | one) for step, one in enumerate(figures)]
    (tmp_path / "log.jsonl").write_text("\n".join(lines) + "\n")

    draw_losses(tmp_path / "log.jsonl", tmp_path / "losses.png")

    assert (tmp_path / "losses.png").read_bytes().startswith(b"\x89PNG")
