"""Bundles of small systems; one that judges pairs, with rendered sounds for a background."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tokenalign.audio import FrontEnd
from tokenalign.bundle import Bundle, ScoreScale
from tokenalign.engine import Model
from tokenalign.nn.system import CompactSystem
from tokenalign.soundscapes import render
from trainer.export import add_background, export_bundle, sealed

RATE = 32000


def exported(system: CompactSystem, text: Path, out: Path) -> Bundle:
    """A bundle of a system, with nothing known and an empty background."""
    return export_bundle(
        system,
        text_encoder=text,
        known=(),
        taught=0,
        front_end=FrontEnd(),
        name=out.name,
        vocabulary="a few sounds",
        out=out,
    )


def judging_model(system: CompactSystem, text: Path, out: Path) -> Model:
    """The system, exported; its scores are wide, so that nothing reaches 0 or 1.

    Args:
        system: whose matcher has a matching head.
        text: folder of its token encoder.
        out: folder of the bundle.
    """
    plain = Model(exported(system, text, out), threads=1)
    sounds = [render(kind, seed=1, duration_s=3.0, sample_rate=RATE) for kind in ("rain", "siren")]
    bundle = add_background(plain, [plain.encode_audio(sound, RATE) for sound in sounds])
    (bundle.path / "README.md").write_text("# judged\n")
    return Model(sealed(replace(bundle, score_scale=ScoreScale(0.0, 5.0, 0.02))), threads=1)
