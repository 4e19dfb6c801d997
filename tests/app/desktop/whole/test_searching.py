"""From what is typed to the rows of the table."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.desktop.stage import Stage
from tests.app.desktop.sounds import row_at
from tokenalign.refinement import Emphasis
from tokenalign.soundscapes import DEMO_QUERIES

DOG_THEN_RAIN = "a dog barks, then rain falls"


def names(stage: Stage) -> list[str]:
    """What the table shows, from the top."""
    rows = stage.program.rows
    shown = (row_at(rows, place) for place in range(rows.rowCount()))
    return [row.name for row in shown if row is not None]


def type_caption(stage: Stage, caption: str) -> None:
    """Type it key by key, wait for the answer."""
    field = stage.program.bar.field
    field.clear()
    QTest.keyClicks(field, caption)
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.wait_until(stage.at_rest)


def test_a_typed_caption_brings_the_scene_that_has_it_and_its_chips(stage: Stage) -> None:
    type_caption(stage, DOG_THEN_RAIN)
    assert names(stage)[0] == "ZOOM0001.WAV"
    assert [chip.phrase.text for chip in stage.program.bar.area.phrases.chips] == [
        "a dog barks",
        "rain falls",
    ]
    first = row_at(stage.program.rows, 0)
    assert first is not None
    assert [phrase.found for phrase in first.phrases] == [True, True]


def test_results_come_while_typing_and_the_newest_caption_wins(stage: Stage) -> None:
    field = stage.program.bar.field
    QTest.keyClicks(field, "church bells")
    stage.wait_until(lambda: stage.program.searching.request.caption == "church bells")
    field.clear()
    QTest.keyClicks(field, DOG_THEN_RAIN)
    stage.wait_until(lambda: stage.program.searching.request.caption == DOG_THEN_RAIN)
    stage.wait_until(stage.at_rest)
    assert names(stage)[0] == "ZOOM0001.WAV"


def test_a_negated_chip_ranks_anew_without_encoding_again(stage: Stage) -> None:
    type_caption(stage, "rain falls")
    alone = names(stage)
    type_caption(stage, DOG_THEN_RAIN)
    model = stage.program.workshop.model()
    encoded: list[str] = []
    model.encode_text = encoded.append  # type: ignore[method-assign,assignment]
    dog = stage.program.bar.area.phrases.chips[0]
    dog.setFocus()
    dog.show_emphasis(Emphasis.NEGATED)
    stage.program.bar.emphases_changed.emit(stage.program.bar.emphases())
    stage.wait_until(stage.at_rest)
    assert encoded == []
    assert "ZOOM0001.WAV" in alone
    assert names(stage)[0] != "ZOOM0001.WAV"


def test_filters_are_applied_before_the_ranking(stage: Stage) -> None:
    type_caption(stage, "church bells ring")
    stage.program.searching.show_where("format=flac and duration>5")
    stage.wait_until(stage.at_rest)
    found = names(stage)
    assert len(found) > 3
    assert {Path(name).suffix.lower() for name in found} == {".flac"}


def test_a_filter_that_is_none_is_told_below_the_field(stage: Stage) -> None:
    stage.program.searching.show_where("duration<")
    stage.wait_until(stage.at_rest)
    assert "expected a value" in stage.program.bar.error.text()
    stage.program.searching.show_where("")
    stage.wait_until(stage.at_rest)
    assert stage.program.bar.error.text() == ""
    assert stage.program.rows.sounds == 60


def test_words_of_names_are_found_and_can_be_searched_alone(stage: Stage) -> None:
    type_caption(stage, "marktplatz")
    assert names(stage)[0] == "Marktplatz 18 Uhr.ogg"
    stage.program.bar.words_button.click()
    stage.wait_until(lambda: names(stage) == ["Marktplatz 18 Uhr.ogg"])
    assert stage.program.rows.browsing


def test_back_and_forward_bring_captions_and_filters_again(stage: Stage) -> None:
    type_caption(stage, "wind")
    type_caption(stage, "church bells")
    stage.program.actions["back"].trigger()
    stage.wait_until(stage.at_rest)
    assert stage.program.bar.caption() == "wind"
    assert stage.program.bar.forward_button.isEnabled()
    stage.program.actions["forward"].trigger()
    assert stage.program.bar.caption() == "church bells"


def test_a_saved_search_comes_back_when_the_window_opens_again(stage: Stage) -> None:
    type_caption(stage, "thunder")
    stage.program.bar.save_requested.emit("storms")
    stage.program.keeping.close()
    kept = (stage.program.workshop.data_dir / "history.json").read_text(encoding="utf-8")
    assert '"storms"' in kept


def test_examples_stand_where_nothing_is_asked_and_can_be_clicked(stage: Stage) -> None:
    stage.wait_until(lambda: bool(stage.program.bar.area.suggestions))
    pills = stage.program.bar.area.suggestions
    assert [pill.text() for pill in pills if pill.isVisible()] == list(DEMO_QUERIES)
    pills[0].click()
    stage.wait_until(stage.at_rest)
    assert stage.program.bar.caption() == DEMO_QUERIES[0]
    assert names(stage)
    assert not any(pill.isVisible() for pill in pills)


def test_a_sound_that_nothing_has_is_told_honestly(stage: Stage) -> None:
    type_caption(stage, "a didgeridoo plays")
    assert stage.program.results.banner.isVisible()
    assert "didgeridoo" in stage.program.results.banner.text
    type_caption(stage, "a dog barks")
    assert not stage.program.results.banner.isVisible()


def test_a_dropped_file_is_an_example(stage: Stage, demo_sounds: Path) -> None:
    bells = next(demo_sounds.rglob("St. Marien.wav"))
    stage.program.bar.example_dropped.emit(bells)
    stage.wait_until(stage.at_rest)
    found = names(stage)
    assert found
    assert "St. Marien.wav" not in found
    assert "Marktplatz 18 Uhr.ogg" in found[:3]


def test_back_leads_from_more_like_this_to_the_caption_and_forward_there_again(
    stage: Stage, demo_sounds: Path
) -> None:
    type_caption(stage, "church bells")
    of_caption = names(stage)
    bells = next(demo_sounds.rglob("St. Marien.wav"))
    stage.program.searching.search_like(bells)
    stage.wait_until(stage.at_rest)
    alike = names(stage)
    stage.program.actions["back"].trigger()
    stage.wait_until(stage.at_rest)
    assert names(stage) == of_caption
    assert stage.program.searching.request.example is None
    stage.program.actions["forward"].trigger()
    stage.wait_until(stage.at_rest)
    assert names(stage) == alike
    assert stage.program.searching.request.example == bells


def test_how_many_sounds_answer_is_told_beside_the_phrases(stage: Stage) -> None:
    count = stage.program.bar.count
    assert count.text() == "60 sounds"
    type_caption(stage, "church bells ring")
    assert re.fullmatch(r"[1-9]\d? of 60 match(, \d+ in part)?", count.text())
    stage.program.searching.show_where("format=flac")
    stage.wait_until(stage.at_rest)
    of_flac = stage.program.workshop.library().count(where="format=flac")
    assert f" of {of_flac} match" in count.text()
    stage.program.searching.show_where("duration<")
    stage.wait_until(stage.at_rest)
    assert count.text() == ""
