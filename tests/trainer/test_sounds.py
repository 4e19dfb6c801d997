"""What the starter is trained on: rendered variants, and words for every label."""

from __future__ import annotations

import pytest

from tokenalign.query import parse
from tokenalign.soundscapes import KINDS
from trainer.recordings import SYNTHESISED_FOLD
from trainer.sounds import rendered_sounds, training_wordings
from trainer.wordings import load_wordings


def test_every_label_has_phrases_that_the_parser_keeps_whole() -> None:
    wordings = training_wordings()

    labels = {kind.esc50_label or name for name, kind in KINDS.items()}
    assert set(wordings) == set(load_wordings()) | labels
    for label, phrases in wordings.items():
        assert len(set(phrases)) == len(phrases) >= 5, label
        for phrase in phrases:
            assert [found.text for found in parse(phrase).phrases] == [phrase]


def test_no_wording_that_is_kept_for_evaluation_is_trained_with() -> None:
    trained = {phrase.lower() for phrases in training_wordings().values() for phrase in phrases}
    kept = {
        phrase.lower()
        for words in load_wordings().values()
        for phrase in (words.plain, *words.paraphrases)
    }

    assert not trained & kept


def test_rendered_variants_bear_the_recordings_label(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = {name: KINDS[name] for name in ("rain", "music_box")}
    monkeypatch.setattr("trainer.sounds.KINDS", chosen)
    monkeypatch.setattr("trainer.sounds.VARIANTS_BESIDE_RECORDINGS", 2)
    monkeypatch.setattr("trainer.sounds.VARIANTS_ALONE", 3)

    sounds = list(rendered_sounds(8000))

    assert [label for _, label, _, _ in sounds] == ["rain"] * 2 + ["music_box"] * 3
    assert {fold for _, _, fold, _ in sounds} == {SYNTHESISED_FOLD}
    assert len({source for source, _, _, _ in sounds}) == 5
    assert [len(samples) / 8000 for _, _, _, samples in sounds] == [3.0, 4.0, 3.0, 4.0, 5.0]
