"""The model card of a speech bundle."""

from __future__ import annotations

from trainer.speech.corpus import Corpus
from trainer.speech.run import TrainedRun


def card(run: TrainedRun, corpus: Corpus, name: str) -> str:
    """What the bundle is, what it was trained on, whom to credit."""
    recipe, known = run.recipe, corpus.vocabulary
    words = "any word" if known is None else f"{len(known)} words: {', '.join(known)}"
    learned = (
        "from transcripts and the known times of words"
        if recipe.times_weight
        else "from transcripts alone, without any word's time"
    )
    return f"""# {name}

A TokenAlign bundle (system `speech`): finds when each word of a transcript is said.

- **Knows** {words}. Any other word is shown without a time.
- **Trained** for {run.steps:,} steps of {recipe.batch} utterances by
  `tokenalign-trainer train --system speech`, {learned}, in noise of {recipe.least_noise_db:g} to
  {recipe.most_noise_db:g} dB.
- **Recordings** it was trained on: {corpus.credit}, {corpus.licence}; the speaker that it was
  measured on is not among them. None of these recordings is in this folder.
- **Licence** of the weights: {corpus.licence}, as that of the recordings.
- **Limits**: telephone bandwidth (8 kHz) and few speakers; it places the words that the transcript
  has, it does not tell whether they were said.
"""
