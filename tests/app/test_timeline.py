"""Timelines stand on one axis: a block is where its span is, whatever the width."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from rich.cells import cell_len

from app.terminal.timeline import NOTE_WIDTH, SPAN, Axis, fit, lane, ticks, timeline, word_row
from tokenalign.grounding import PhraseGrounding, Segment
from tokenalign.query.types import Relation
from tokenalign.speech import TimedWord

EDGES_S = np.arange(0.0, 10.5, 0.5)
TEN_CELLS = Axis(start_s=0.0, end_s=10.0, cells=10)


def phrase(
    text: str = "rain",
    *spans_s: tuple[float, float],
    scores: dict[int, float] | None = None,
    relation: Relation = Relation.FIRST,
) -> PhraseGrounding:
    frame_scores = np.zeros(20, dtype=np.float32)
    for frame, score in (scores or {}).items():
        frame_scores[frame] = score
    return PhraseGrounding(
        text=text,
        relation=relation,
        start_char=0,
        end_char=len(text),
        score=0.83 if spans_s else 0.07,
        found=bool(spans_s),
        segments=tuple(Segment(start_s, end_s, 0.9) for start_s, end_s in spans_s),
        frame_scores=frame_scores,
        frame_edges_s=EDGES_S,
    )


def drawn(*phrases: PhraseGrounding, width: int = 80) -> list[str]:
    return [line.plain for line in timeline(phrases, width=width)]


def test_cells_whose_middle_lies_in_a_span_are_solid() -> None:
    assert lane(phrase("rain", (2.0, 5.0), (8.6, 10.0)), TEN_CELLS) == "  ███    █"


def test_the_shortest_span_has_a_cell() -> None:
    assert lane(phrase("click", (3.8, 3.9)), TEN_CELLS) == "   █      "


def test_heat_is_the_highest_score_in_a_cell_and_never_looks_like_a_span() -> None:
    heat = lane(phrase("rain", scores={0: 0.3, 1: 0.1, 6: 0.5, 19: 1.0}), TEN_CELLS)

    assert heat == "▂  ▄     ▇"


def test_many_cells_to_a_frame_repeat_its_score() -> None:
    assert lane(phrase("rain", scores={1: 0.5}), Axis(0.0, 2.0, 8)) == "  ▄▄    "


def test_an_axis_may_begin_later_than_the_file() -> None:
    moment = replace(phrase("rain", (102.0, 104.0)), frame_edges_s=EDGES_S + 100)

    assert lane(moment, Axis(100.0, 110.0, 10)) == "  ██      "
    assert "|1:40" in drawn(moment)[-1]


def test_ticks_stand_where_their_time_begins() -> None:
    assert ticks(Axis(0.0, 10.0, 40)) == "|0      |2      |4      |6      |8      "
    assert ticks(Axis(95.0, 105.0, 20)) == "|1:35     |1:40     "


@pytest.mark.parametrize("end_s", [0.16, 0.9, 3.0, 10.0, 61.0, 600.0, 3600.0, 30000.0])
@pytest.mark.parametrize("cells", [20, 43, 150])
def test_ticks_never_crowd_and_never_leave_the_lane(end_s: float, cells: int) -> None:
    shown = ticks(Axis(0.0, end_s, cells))

    assert len(shown) == cells
    assert shown.startswith("|0")
    assert all(label.endswith("   ") for label in shown.rstrip().split("|")[1:-1])


@pytest.mark.parametrize(("width", "tick_s"), [(60, 5), (80, 4), (137, 4), (200, 4)])
def test_every_line_has_the_width_and_blocks_stand_over_their_ticks(
    width: int, tick_s: int
) -> None:
    lines = drawn(
        phrase("a dog barks", (2.0, 4.0)),
        phrase(
            "a very long phrase about rain on a roof of iron", (6.0, 8.0), relation=Relation.THEN
        ),
        width=width,
    )

    assert {cell_len(line) for line in lines} == {width}
    zero = lines[2].index("|0")
    cells_per_s = (width - zero - NOTE_WIDTH) / 10
    assert abs(lines[0].index(SPAN) - (zero + 2 * cells_per_s)) <= 1
    assert abs(lines[1].index(SPAN) - (zero + 6 * cells_per_s)) <= 1
    assert abs(lines[2].index(f"|{tick_s}") - (zero + tick_s * cells_per_s)) <= 1


def test_wide_characters_do_not_shift_the_lane() -> None:
    lines = drawn(phrase("雨が降る", (2.0, 4.0)), phrase("rain falls", (2.0, 4.0)))

    before_block = [cell_len(line[: line.index(SPAN)]) for line in lines[:2]]
    assert before_block[0] == before_block[1]


def test_relations_and_absence_are_said_in_words() -> None:
    lines = drawn(
        phrase("a dog barks", (2.0, 4.0)),
        phrase("rain", relation=Relation.THEN),
        phrase("thunder", relation=Relation.WITHOUT),
        phrase("wind", (1.0, 2.0), relation=Relation.WITHOUT),
    )

    assert lines[0].split()[0] == "a"
    assert lines[0].endswith("0.83")
    assert lines[1].strip().startswith("then rain")
    assert lines[1].endswith("not heard")
    assert lines[2].strip().startswith("without thunder")
    assert lines[2].endswith("not heard")
    assert lines[3].endswith("heard 0.83")


def test_colour_only_repeats_what_the_characters_say() -> None:
    (line, _) = timeline([phrase("rain", (2.0, 4.0))], width=80)

    solid = {
        place
        for piece in line.spans
        if piece.style == "cyan"
        for place in range(piece.start, piece.end)
        if place > NOTE_WIDTH
    }
    assert solid == {place for place, cell in enumerate(line.plain) if cell == SPAN}


def test_hostile_phrases_stay_on_their_line() -> None:
    (line, _) = drawn(phrase("\x1b[2J\n", (2.0, 4.0)))

    assert line.isprintable()


def test_no_phrases_draw_nothing() -> None:
    assert drawn() == []


def test_text_is_cut_or_padded_to_its_cells() -> None:
    assert fit("rain", 6) == "rain  "
    assert fit("thunder", 5) == "thun…"
    assert fit("雨雨雨", 4) == "雨… "
    assert all(cell_len(fit("雨a雨b雨", cells)) == cells for cells in range(1, 10))


def word(text: str, start_s: float | None, end_s: float | None = None) -> TimedWord:
    return TimedWord(text, 0, len(text), start_s, end_s or start_s, 0.9)


def test_words_begin_in_their_cells_and_are_cut_where_the_next_begins() -> None:
    axis = Axis(start_s=0.0, end_s=10.0, cells=20)
    words = [word("zorp", None), word("two", 1.0), word("seventeen", 3.0), word("five", 6.0)]

    assert word_row(words, axis) == "  two seve… five    "
    assert word_row(words, replace(axis, cells=16)) == " t… sev… five   "


def test_crowded_words_are_left_out_and_wide_ones_keep_to_their_cells() -> None:
    axis = Axis(start_s=0.0, end_s=10.0, cells=10)

    assert word_row([word("one", 1.0), word("two", 1.4), word("\x1b", 9.0)], axis) == " one     …"
    assert cell_len(word_row([word("雨が降る", 1.0), word("犬", 4.0)], axis)) == 10


def test_words_have_a_row_of_their_own_with_and_without_phrases() -> None:
    words = [word("seven", 0.5, 1.0), word("zorp", None)]
    alone = [line.plain for line in timeline([], width=60, words=words, duration_s=2.0)]
    both = [line.plain for line in timeline([phrase()], width=60, words=words)]

    assert alone[0].split() == ["words", "seven", "1", "of", "2"]
    assert alone[1].split()[-1] == "s"
    assert both[1].split() == alone[0].split()
    assert {cell_len(line) for line in (*alone, *both)} == {60}
