"""A speech run becomes a bundle that times words."""

from __future__ import annotations

from pathlib import Path

from tokenalign.bundle import CARD
from tokenalign.errors import TokenAlignError
from tokenalign.nn.speech.compact import TELEPHONE
from tokenalign.nn.speech.export import export_attention
from tokenalign.speech.bundle import GRAPH, TOKENIZER, SpeechBundle, seal
from trainer.speech.card import card
from trainer.speech.corpus import Corpus
from trainer.speech.run import TrainedRun
from trainer.speech.tokens import GAP
from trainer.speech.word_times import MEDIAN_FRAMES

WINDOW_S = 10.0
"""So much is read at a time; training has heard up to 8 s."""

MOST_TOKENS = 256


def export_speech(run: TrainedRun, corpus: Corpus, *, name: str, out: Path) -> SpeechBundle:
    """Write a bundle.

    Args:
        run: trained, with the compact encoder.
        corpus: that it was trained on.
        name: of the bundle.
        out: its folder.

    Raises:
        TokenAlignError: the run has another encoder.
    """
    if run.recipe.encoder != "compact":
        raise TokenAlignError(
            f"a run with the encoder {run.recipe.encoder} makes no bundle",
            "a Whisper times words without training: tokenalign-trainer import whisper",
        )
    out.mkdir(parents=True, exist_ok=True)
    export_attention(run.model, out / GRAPH)
    run.tokenizer.save(str(out / TOKENIZER))
    (out / CARD).write_text(card(run, corpus, name), encoding="utf-8")
    hop_s = run.model.encoder.frame_hop_s
    return seal(
        SpeechBundle(
            path=out,
            name=name,
            system="speech",
            front_end=TELEPHONE,
            front_end_kind="log-mel",
            frame_hop_s=hop_s,
            window_frames=round(WINDOW_S / hop_s),
            max_tokens=MOST_TOKENS,
            vocabulary=corpus.vocabulary,
            gap=GAP,
            heads=tuple((0, head) for head in range(run.model.config.guided_heads)),
            sha256={},
            median_frames=MEDIAN_FRAMES,
        )
    )
