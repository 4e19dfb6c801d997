"""Visits with Back and Forward, captions, saved searches, and all of it as JSON."""

from __future__ import annotations

import json

import pytest

from app.desktop.models.history import (
    CAPTIONS_KEPT,
    FORMAT,
    VISITS_KEPT,
    History,
    SavedSearch,
    Visit,
)
from tokenalign.refinement import Emphasis

RAIN = Visit("rain", "format=wav", (Emphasis.REQUIRED,))
DOG = Visit("a dog barks")
BELL = Visit("a bell")
STORMS = SavedSearch("Störme & \u202e<b>", "thunder", "duration<10", (Emphasis.BOOSTED,))


def visited(*visits: Visit) -> History:
    history = History()
    for visit in visits:
        history.visit(visit)
    return history


def test_a_new_history_leads_nowhere() -> None:
    history = History()
    assert history.present is None
    assert not history.can_go_back
    assert not history.can_go_forward
    assert history.back() is None
    assert history.forward() is None


def test_back_and_forward_go_through_the_visits() -> None:
    history = visited(RAIN, DOG, BELL)
    assert [history.back(), history.back(), history.back()] == [DOG, RAIN, None]
    assert history.present == RAIN
    assert [history.forward(), history.forward(), history.forward()] == [DOG, BELL, None]


def test_a_new_visit_drops_what_lay_ahead() -> None:
    history = visited(RAIN, DOG)
    history.back()
    history.visit(BELL)
    assert not history.can_go_forward
    assert history.back() == RAIN


def test_the_same_search_again_is_no_new_visit_and_keeps_what_lies_ahead() -> None:
    history = visited(RAIN, DOG)
    history.back()
    history.visit(RAIN)
    assert history.forward() == DOG
    assert not history.can_go_forward


def test_the_same_caption_with_another_emphasis_is_another_visit() -> None:
    history = visited(RAIN, Visit("rain", "format=wav", (Emphasis.MUTED,)))
    assert history.back() == RAIN


def test_only_the_latest_visits_and_captions_are_kept() -> None:
    history = visited(*(Visit(f"sound {n}") for n in range(300)))
    steps = 0
    while history.back():
        steps += 1
    assert steps == VISITS_KEPT - 1
    assert history.present == Visit(f"sound {300 - VISITS_KEPT}")
    assert len(history.captions) == CAPTIONS_KEPT
    assert history.captions[0] == "sound 299"


def test_captions_are_listed_once_the_latest_first_and_never_empty() -> None:
    history = visited(Visit("rain"), Visit("wind"), Visit(" rain "), Visit("", "format=wav"))
    assert history.captions == ("rain", "wind")


def test_saved_searches_are_listed_by_name_and_replaced_by_their_namesakes() -> None:
    history = History()
    for search in (SavedSearch("b", "x"), SavedSearch("A", "x"), SavedSearch("b", "y")):
        history.save(search)
    assert list(history.saved) == [SavedSearch("A", "x"), SavedSearch("b", "y")]
    history.forget("b")
    history.forget("never saved")
    assert list(history.saved) == [SavedSearch("A", "x")]


def test_all_comes_back_from_json_and_the_past_lies_behind() -> None:
    history = visited(RAIN, DOG)
    history.save(STORMS)
    again = History.from_json(history.to_json())
    assert again.to_json() == history.to_json()
    assert again.saved == (STORMS,)
    assert again.captions == ("a dog barks", "rain")
    assert again.present is None
    assert [again.back(), again.back(), again.back()] == [DOG, RAIN, None]


def test_a_visit_after_the_start_stands_behind_those_of_the_last_run() -> None:
    again = History.from_json(visited(RAIN, DOG).to_json())
    again.visit(BELL)
    assert again.back() == DOG


def test_a_search_by_example_comes_back_with_its_part_but_is_no_caption() -> None:
    alike = Visit("", example="/sounds/bell.wav", span_s=(1.5, 2.25))
    again = History.from_json(visited(alike).to_json())
    assert again.back() == alike
    assert again.captions == ()


def test_what_was_kept_before_there_were_examples_is_read() -> None:
    whole = json.loads(visited(RAIN).to_json())
    for visit in whole["visits"]:
        del visit["example"], visit["span_s"], visit["words_only"]
    assert History.from_json(json.dumps(whole)).back() == RAIN


def test_a_saved_search_comes_back_whole_and_one_of_before_without_what_it_lacks() -> None:
    alike = SavedSearch("bells", "rain", example="/bell.wav", span_s=(1.5, 2.25), words_only=True)
    history = History()
    history.save(alike)
    (again,) = History.from_json(history.to_json()).saved
    assert again == alike
    assert again.visit == Visit("rain", "", (), "/bell.wav", (1.5, 2.25), True)
    assert SavedSearch.of("bells", again.visit) == alike
    whole = json.loads(history.to_json())
    for saved in whole["saved"]:
        del saved["example"], saved["span_s"], saved["words_only"]
    assert History.from_json(json.dumps(whole)).saved == (SavedSearch("bells", "rain"),)


def test_a_lone_surrogate_survives() -> None:
    history = visited(Visit("caf\udce9"))
    text = history.to_json()
    text.encode("utf-8")
    assert History.from_json(text).captions == ("caf\udce9",)


def test_an_empty_text_is_an_empty_history() -> None:
    assert History.from_json(" \n").to_json() == History().to_json()


WHOLE = json.loads(visited(RAIN).to_json())


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        "7",
        "{}",
        "[" * 100_000,
        json.dumps({**WHOLE, "format": FORMAT + 1}),
        json.dumps({**WHOLE, "captions": [1]}),
        json.dumps({**WHOLE, "captions": None}),
        json.dumps({**WHOLE, "visits": [{"caption": "rain"}]}),
        json.dumps({**WHOLE, "visits": [["rain", "", []]]}),
        json.dumps({**WHOLE, "visits": [{"caption": 1, "where": "", "emphases": []}]}),
        json.dumps({**WHOLE, "visits": [{"caption": "", "where": "", "emphases": ["louder"]}]}),
        json.dumps({**WHOLE, "saved": [{"name": 1, "caption": "", "where": "", "emphases": []}]}),
        json.dumps({**WHOLE, "saved": {"a": 1}}),
        json.dumps({**WHOLE, "visits": [{**WHOLE["visits"][0], "span_s": [1.0]}]}),
        json.dumps({**WHOLE, "visits": [{**WHOLE["visits"][0], "words_only": "no"}]}),
    ],
)
def test_damaged_text_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of many messages
        History.from_json(text)


def test_filters_change_in_visits_and_saved_searches_and_nothing_else_does() -> None:
    history = visited(RAIN, DOG)
    history.save(STORMS)
    history.back()
    history.change_filters(str.upper)
    assert history.present == Visit("rain", "FORMAT=WAV", (Emphasis.REQUIRED,))
    assert history.forward() == DOG
    assert [one.where for one in history.saved] == ["DURATION<10"]
