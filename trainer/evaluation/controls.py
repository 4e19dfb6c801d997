"""Order groups again with the order taken out: what a test of order must be shown not to reward.

Each control takes the order out of one side of a group and judges it as before. A score that hears
order, and nothing else, falls to a known value, which stands in the row's name:

- words shuffled: each caption's phrases change places by the toss of a coin. The right order is in
  both captions of a group once in four times: more than 25 would mean that the wording tells the
  clips apart without its order.
- time shuffled: each clip's frames change places at random, so that neither sound is first. Each
  clip goes by the toss of a coin, at most 25. More means that order is read from something else
  than time, such as the gist of the whole window, which is left as it was.
- halves swapped: each clip is cut between its two sounds and the halves change places. What was
  first is second: 0 for one who hears order, and at most 16.7, the chance of a group, for any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from tokenalign.clip import Clip
from tokenalign.engine import Model
from tokenalign.metrics.bootstrap import interval
from tokenalign.metrics.order import order_wins
from trainer.evaluation.protocol import Row, TestSet, order_groups
from trainer.evaluation.scenes import TestScene

Words = Sequence[str]
ChangeWords = Callable[[Words], Words]
ChangeClip = Callable[[TestScene, Clip], Clip]


def control_rows(model: Model, test: TestSet) -> Iterator[Row]:
    """The groups of both kinds of caption under each control."""
    rng = np.random.default_rng(len(test.scenes))

    def shuffled_words(words: Words) -> Words:
        return [words[place] for place in rng.permutation(len(words))]

    def shuffled(_: TestScene, clip: Clip) -> Clip:
        return time_shuffled(clip, rng)

    def as_they_are(words: Words) -> Words:
        return words

    def as_it_is(_: TestScene, clip: Clip) -> Clip:
        return clip

    controls: tuple[tuple[str, ChangeWords, ChangeClip], ...] = (
        ("words shuffled (at most 25)", shuffled_words, as_it_is),
        ("time shuffled (at most 25)", as_they_are, shuffled),
        ("halves swapped (at most 16.7)", as_they_are, _swapped_between_sounds),
    )
    for kind in ("forward", "reversed"):
        for name, change_words, change_clip in controls:
            wins = _group_wins(model, test, kind, change_words, change_clip)
            yield Row(f"order control, {kind}, {name}", interval(100.0 * np.array(wins)))


def time_shuffled(clip: Clip, rng: np.random.Generator) -> Clip:
    """The clip with its frames at random places; the gist of its windows stays."""
    return replace(clip, frames=clip.frames[rng.permutation(len(clip.frames))])


def halves_swapped(clip: Clip, at_s: float) -> Clip:
    """The clip with what lies from a time on before what lies ahead of it; the gist stays."""
    cut = int(np.searchsorted(clip.frame_edges_s, at_s))
    return replace(clip, frames=np.roll(clip.frames, -cut, axis=0))


def _swapped_between_sounds(scene: TestScene, clip: Clip) -> Clip:
    first, second = scene.events
    return halves_swapped(clip, (first.end_s + second.start_s) / 2)


def _group_wins(
    model: Model, test: TestSet, kind: str, change_words: ChangeWords, change_clip: ChangeClip
) -> list[bool]:
    """Whether each group is got right, captions and clips changed."""
    wins = []
    for pair in order_groups(test):
        a, b = (test.captions.phrase(event.label) for event in test.scenes[pair[0]].events)
        texts = [test.captions.from_words(kind, change_words(words)) for words in ([a, b], [b, a])]
        clips = [change_clip(test.scenes[i], test.clips[i]) for i in pair]
        wins.append(bool(order_wins(model.score(texts, clips)[None]).group[0]))
    return wins
