from __future__ import annotations

from dataclasses import replace

from app.desktop.models.tally import tally
from tests.app.desktop.sounds import phrase, sound
from tokenalign.query.types import Relation

HEARD = sound("heard.wav", score=0.9, phrases=(phrase("rain", 0.9, (1.0, 2.0)),))
UNHEARD = sound("unheard.wav", score=0.1, phrases=(phrase("rain", 0.1),))
LIKE = sound("like.wav", score=0.5)


def test_an_answer_tells_how_many_of_how_many_match() -> None:
    assert tally([HEARD, HEARD, UNHEARD], total=10_412, limit=3) == "2 of 10,412 match"
    assert tally([UNHEARD], total=107, limit=200) == "0 of 107 match"
    assert tally([HEARD, HEARD], total=2, limit=2) == "2 of 2 match"


def test_what_has_only_some_of_the_phrases_is_told_apart() -> None:
    rain, dog = phrase("rain", 0.9, (1.0, 2.0)), phrase("a dog barks", 0.8, (3.0, 4.0))
    no_rain = replace(rain, relation=Relation.WITHOUT)
    both = sound("both.wav", score=0.9, phrases=(dog, rain))
    one = sound("one.wav", score=0.5, phrases=(dog, phrase("rain", 0.1)))
    spoilt = sound("spoilt.wav", score=0.2, phrases=(dog, no_rain))

    assert tally([both, one, one, UNHEARD], total=60, limit=200) == "1 of 60 match, 2 in part"
    assert tally([spoilt], total=60, limit=200) == "0 of 60 match, 1 in part"


def test_an_answer_of_nothing_but_matches_may_not_be_all_of_them() -> None:
    assert tally([HEARD] * 200, total=10_412, limit=200) == "best 200 of 10,412"
    assert tally([LIKE] * 200, total=10_412, limit=200) == "best 200 of 10,412"


def test_sounds_like_another_are_only_counted() -> None:
    assert tally([LIKE], total=107, limit=200) == "1 sound"
    assert tally([], total=107, limit=200) == "0 sounds"
