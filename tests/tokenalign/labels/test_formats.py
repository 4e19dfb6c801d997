"""Each format is read back by a small reader that knows nothing of the writer."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np

from tokenalign.grounding import Grounding, PhraseGrounding, Segment
from tokenalign.labels.formats import audacity, csv_table, textgrid, webvtt
from tokenalign.query.types import Relation
from tokenalign.speech import TimedWord

SOURCE = Path("/sounds/yard.wav")


def grounding(*phrases: PhraseGrounding, duration_s: float = 4.0) -> Grounding:
    edges_s = np.arange(0.0, duration_s + 0.5, 0.5)
    return Grounding(
        caption="a caption",
        score=0.7,
        phrases=phrases,
        tokens=(),
        attention=np.zeros((0, len(edges_s) - 1), dtype=np.float32),
        frame_edges_s=edges_s,
    )


def phrase(
    text: str, *spans_s: tuple[float, float], relation: Relation = Relation.FIRST
) -> PhraseGrounding:
    edges_s = np.arange(0.0, 4.5, 0.5)
    return PhraseGrounding(
        text=text,
        relation=relation,
        start_char=0,
        end_char=len(text),
        score=0.9 if spans_s else 0.1,
        found=bool(spans_s),
        segments=tuple(Segment(start_s, end_s, 0.8) for start_s, end_s in spans_s),
        frame_scores=np.zeros(8, dtype=np.float32),
        frame_edges_s=edges_s,
    )


BARKS = phrase("a dog barks", (0.5, 1.0), (2.0, 2.5))
RAIN = phrase("rain falls", (1.5, 4.0), relation=Relation.THEN)
THUNDER = phrase("thunder", (3.0, 3.5), relation=Relation.WITHOUT)
ABSENT = phrase("a trumpet", relation=Relation.AND)


def test_audacity_labels_stand_in_order_of_time() -> None:
    rows = [line.split("\t") for line in audacity(grounding(BARKS, RAIN)).splitlines()]

    assert [(float(start), float(end), label) for start, end, label in rows] == [
        (0.5, 1.0, "a dog barks"),
        (1.5, 4.0, "rain falls"),
        (2.0, 2.5, "a dog barks"),
    ]


def test_audacity_labels_hold_no_tab_or_newline_of_the_caption() -> None:
    (line,) = audacity(grounding(phrase("a\tdog\nbarks", (0.0, 1.0)))).splitlines()

    assert line.split("\t")[2:] == ["a dog barks"]


def test_a_phrase_that_must_not_sound_is_labelled_so_in_every_player() -> None:
    heard = grounding(THUNDER)

    assert audacity(heard).rstrip().endswith("\twithout thunder")
    assert webvtt(heard).rstrip().endswith("\nwithout thunder")
    assert 'name = "without thunder"' in textgrid(heard)


def read_vtt(text: str) -> list[tuple[float, float, str]]:
    head, *blocks = text.strip().split("\n\n")
    assert head == "WEBVTT"
    cues = []
    for block in blocks:
        times, content = block.split("\n")
        start_s, end_s = (
            int(hours) * 3600 + int(minutes) * 60 + float(rest_s)
            for hours, minutes, rest_s in re.findall(r"(\d\d):(\d\d):(\d\d\.\d{3})", times)
        )
        cues.append((start_s, end_s, content))
    return cues


def test_webvtt_cues_stand_in_order_of_time() -> None:
    assert read_vtt(webvtt(grounding(BARKS, RAIN))) == [
        (0.5, 1.0, "a dog barks"),
        (1.5, 4.0, "rain falls"),
        (2.0, 2.5, "a dog barks"),
    ]


def test_webvtt_escapes_what_would_be_markup_and_keeps_hours() -> None:
    cues = read_vtt(webvtt(grounding(phrase("<i>R&B</i>\n\n--> x", (3725.25, 3726.0)))))

    assert cues == [(3725.25, 3726.0, "&lt;i&gt;R&amp;B&lt;/i&gt; --&gt; x")]


def test_a_webvtt_cue_lasts_though_its_span_is_shorter_than_a_millisecond() -> None:
    ((start_s, end_s, _),) = read_vtt(webvtt(grounding(phrase("click", (1.0, 1.0002)))))

    assert (start_s, end_s) == (1.0, 1.001)


def test_webvtt_without_spans_is_an_empty_file_of_its_kind() -> None:
    assert read_vtt(webvtt(grounding(ABSENT))) == []


def read_textgrid(text: str) -> dict[str, list[tuple[float, float, str]]]:
    """Tiers with their intervals, by the order of values that Praat's own reader relies on."""
    values = re.findall(r'"(?:[^"]|"")*"|<exists>|(?<== )[-\d.]+', text)
    strings = iter(
        [value[1:-1].replace('""', '"') if value[0] == '"' else value for value in values]
    )
    assert (next(strings), next(strings)) == ("ooTextFile", "TextGrid")
    bounds = (float(next(strings)), float(next(strings)))
    assert next(strings) == "<exists>"
    tiers = {}
    for _ in range(int(next(strings))):
        assert next(strings) == "IntervalTier"
        name = next(strings)
        assert (float(next(strings)), float(next(strings))) == bounds
        tiers[name] = [
            (float(next(strings)), float(next(strings)), next(strings))
            for _ in range(int(next(strings)))
        ]
    assert next(strings, None) is None
    return tiers


def test_textgrid_has_a_gapless_tier_for_each_phrase() -> None:
    tiers = read_textgrid(textgrid(grounding(BARKS, RAIN, ABSENT)))

    assert tiers == {
        "a dog barks": [
            (0.0, 0.5, ""),
            (0.5, 1.0, "a dog barks"),
            (1.0, 2.0, ""),
            (2.0, 2.5, "a dog barks"),
            (2.5, 4.0, ""),
        ],
        "rain falls": [(0.0, 1.5, ""), (1.5, 4.0, "rain falls")],
        "a trumpet": [(0.0, 4.0, "")],
    }


def test_textgrid_doubles_quotes() -> None:
    tiers = read_textgrid(textgrid(grounding(phrase('"stop" he says', (0.0, 4.0)))))

    assert tiers == {'"stop" he says': [(0.0, 4.0, '"stop" he says')]}


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_has_a_row_for_each_span_and_one_for_what_was_not_heard() -> None:
    rows = read_csv(csv_table(grounding(BARKS, ABSENT), (), SOURCE))

    assert [(row["phrase"], row["found"], row["start_s"], row["end_s"]) for row in rows] == [
        ("a dog barks", "true", "0.500", "1.000"),
        ("a dog barks", "true", "2.000", "2.500"),
        ("a trumpet", "false", "", ""),
    ]
    assert {row["path"] for row in rows} == {str(SOURCE)}
    assert [row["relation"] for row in rows] == ["first", "first", "and"]


def test_csv_cells_are_never_formulas() -> None:
    hostile = grounding(*(phrase(f"{sign}1+1", (0.0, 1.0)) for sign in "=+-@"))

    rows = read_csv(csv_table(hostile, (), Path("=cmd|'calc'!A1.wav")))

    assert [row["phrase"] for row in rows] == ["'=1+1", "'+1+1", "'-1+1", "'@1+1"]
    assert rows[0]["path"] == "'=cmd|'calc'!A1.wav"


def test_csv_keeps_commas_and_quotes_inside_their_cell() -> None:
    (row,) = read_csv(csv_table(grounding(phrase('a "bang", loud', (0.0, 1.0))), (), SOURCE))

    assert row["phrase"] == 'a "bang", loud'


SEVEN = TimedWord("seven", 0, 5, 0.25, 0.75, 0.9)
ZORP = TimedWord("zorp", 6, 10, None, None, 0.0)
TWO = TimedWord("=two", 11, 15, 0.7, 1.25, 0.5)
WORDS = (SEVEN, ZORP, TWO)


def test_words_stand_among_the_spans_and_those_without_times_nowhere() -> None:
    expected = [(0.25, 0.75, "seven"), (0.5, 1.0, "a dog barks"), (0.7, 1.25, "=two")]
    assert read_vtt(webvtt(grounding(BARKS), WORDS))[:3] == expected
    lines = audacity(grounding(BARKS), WORDS).splitlines()[:3]
    assert [line.split("\t")[2] for line in lines] == ["seven", "a dog barks", "=two"]


def test_textgrid_has_one_tier_of_words_that_never_overlap() -> None:
    tiers = read_textgrid(textgrid(grounding(ABSENT), WORDS))

    assert tiers["words"] == [
        (0.0, 0.25, ""),
        (0.25, 0.75, "seven"),
        (0.75, 1.25, "=two"),
        (1.25, 4.0, ""),
    ]
    assert list(tiers) == ["a trumpet", "words"]


def test_a_word_behind_the_end_of_a_sound_leaves_its_tier_whole() -> None:
    late = TimedWord("late", 0, 4, 4.5, 5.0, 1.0)

    assert read_textgrid(textgrid(grounding(), [late])) == {"words": [(0.0, 4.0, "")]}


def test_csv_tells_words_from_phrases_and_keeps_those_without_times() -> None:
    rows = read_csv(csv_table(grounding(), WORDS, SOURCE))

    assert [tuple(row.values())[1:] for row in rows] == [
        ("seven", "word", "true", "0.250", "0.750", "0.9000"),
        ("zorp", "word", "false", "", "", "0.0000"),
        ("'=two", "word", "true", "0.700", "1.250", "0.5000"),
    ]
