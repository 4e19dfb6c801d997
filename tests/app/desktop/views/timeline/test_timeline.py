"""What is drawn: pixels change where something sounds, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QScrollBar
from pytestqt.qtbot import QtBot

from app.desktop.theme import apply_theme, lane_colour
from app.desktop.views.timeline.timeline import Timeline
from tests.app.desktop.sounds import phrase, sound
from tests.app.desktop.views.timeline.stage import (
    DOG,
    OWL,
    RAIN,
    THUNDER,
    Stage,
    burst_peaks,
    burst_picture,
    columns_that_differ,
    grounding,
)
from tokenalign.query.types import Relation

WITHOUT = Relation.WITHOUT
HOSTILE = "<b>x</b>\n\x1b[31m‮gnp.exe‬ " + "ü" * 5000


def about(stage: Stage, start_s: float, end_s: float) -> tuple[int, int]:
    """First and last column of a stretch, counted from the left end of tracks."""
    left = stage.track("wave").left()
    return stage.x(start_s) - left, stage.x(end_s) - left - 1


def assert_spans(columns: NDArray[np.intp], first: int, last: int) -> None:
    assert abs(int(columns[0]) - first) <= 2
    assert abs(int(columns[-1]) - last) <= 2


def test_waveform_and_spectrogram_stand_on_one_axis(stage: Stage) -> None:
    stage.timeline.set_spectrogram_shown(True)
    wave, picture = stage.track("wave"), stage.track("picture")
    stage.timeline.show_peaks(burst_peaks(4.0, 4.2))
    stage.timeline.show_spectrogram(burst_picture(4.0, 4.2))
    before = stage.picture(wave), stage.picture(picture)

    stage.timeline.show_peaks(burst_peaks(4.0, 6.0))
    stage.timeline.show_spectrogram(burst_picture(4.0, 6.0))

    for old, room in zip(before, (wave, picture), strict=True):
        assert_spans(columns_that_differ(old, stage.picture(room)), *about(stage, 4.2, 6.0))


def test_the_spectrogram_can_be_put_away(stage: Stage) -> None:
    assert stage.track("picture").isEmpty()
    high = stage.track("wave").height()
    stage.timeline.set_spectrogram_shown(True)
    assert stage.track("picture").height() > stage.track("wave").height() > 0
    stage.timeline.set_spectrogram_shown(False)
    assert stage.track("wave").height() == high


def test_each_phrase_has_a_lane_in_its_colour(stage: Stage) -> None:
    for index, (start_s, end_s) in enumerate(((1.0, 2.0), (3.0, 9.0))):
        image = stage.picture(stage.lane(index))
        colour = lane_colour(index, dark=False)
        same = (image[..., :3] == (colour.blue(), colour.green(), colour.red())).all(axis=-1)
        first, last = about(stage, start_s, end_s)
        columns = np.flatnonzero(same.any(axis=0))
        assert abs(int(columns[0]) - first) <= 2
        assert last in columns or last - 1 in columns
        assert same[:, (first + last) // 2].sum() > image.shape[0] / 3


def test_heat_is_fainter_than_spans(stage: Stage) -> None:
    stage.ground(phrase("rain", 0.9))
    cold = stage.picture(stage.lane(0))
    warm = grounding(phrase("rain", 0.9))
    warm.phrases[0].frame_scores[20:30] = 0.9
    stage.timeline.show_grounding(warm)
    change = np.abs(stage.picture(stage.lane(0)).astype(int) - cold).max(axis=(0, 2))
    middle = sum(about(stage, 4.0, 6.0)) // 2
    assert 20 < change[middle] < 110
    assert change[about(stage, 7.5, 9.0)[0] :].max() == 0


def test_a_phrase_that_is_not_heard_is_hollow(stage: Stage) -> None:
    stage.ground(phrase("rain", 0.9, (2.0, 8.0)))
    full = stage.picture(stage.lane(0))
    stage.ground(phrase("rain", 0.9, (2.0, 8.0), found=False))
    hollow = stage.picture(stage.lane(0))
    middle, row = sum(about(stage, 2.0, 8.0)) // 2, full.shape[0] // 2
    colour = lane_colour(0, dark=False)
    assert full[row, middle, :3].tolist() == [colour.blue(), colour.green(), colour.red()]
    assert np.abs(hollow[row, middle, :3].astype(int) - full[row, middle, :3]).max() > 80


def test_a_phrase_that_spoils_the_match_is_hatched(stage: Stage) -> None:
    stage.ground(phrase("rain", 0.9, (1.0, 9.0)), phrase("owls", 0.9, (1.0, 9.0), relation=WITHOUT))
    first, last = about(stage, 6.0, 8.0)
    plain, hatched = (
        stage.picture(stage.lane(index))[stage.lane(index).height() // 2, first:last]
        for index in (0, 1)
    )
    assert len(np.unique(plain, axis=0)) == 1
    assert len(np.unique(hatched, axis=0)) > 1


def test_the_playhead_is_drawn_where_it_plays(stage: Stage) -> None:
    before = stage.picture(stage.track("wave"))
    stage.timeline.show_playhead(5.0)
    columns = columns_that_differ(before, stage.picture(stage.track("wave")))
    x, _ = about(stage, 5.0, 5.0)
    assert len(columns) <= 6
    assert abs(int(columns.mean()) - x) <= 1


def test_the_view_follows_the_playhead_but_not_a_seek(stage: Stage) -> None:
    stage.timeline.zoom_to((2.0, 4.0))
    start_s, end_s = stage.seen
    stage.timeline.show_playhead(end_s - 0.1)
    assert stage.seen == (start_s, end_s)
    stage.timeline.show_playhead(end_s + 0.1)
    assert stage.seen[0] < end_s + 0.1 < stage.seen[1]
    assert stage.seen[0] > start_s + 1
    after = stage.seen
    stage.timeline.show_playhead(0.0)
    assert stage.seen == after


def test_a_loop_is_marked_at_both_ends(stage: Stage) -> None:
    stage.timeline.mark((2.0, 4.0), finished=True)
    before = stage.picture(stage.track("wave"))
    stage.timeline.set_loop(True)
    columns = columns_that_differ(before, stage.picture(stage.track("wave")))
    first, last = about(stage, 2.0, 4.0)
    assert_spans(columns, first, last)
    assert not np.isin(range(first + 40, last - 40), columns).any()
    stage.timeline.set_loop(False)
    assert not len(columns_that_differ(before, stage.picture(stage.track("wave"))))


def test_a_loop_without_a_region_is_marked_at_the_ends_of_the_sound(stage: Stage) -> None:
    before = stage.picture(stage.track("wave"))
    stage.timeline.set_loop(True)
    columns = columns_that_differ(before, stage.picture(stage.track("wave")))
    assert_spans(columns, *about(stage, 0.0, 10.0))


def test_attention_shows_a_row_for_each_token(stage: Stage) -> None:
    assert not stage.token_rows(0)
    stage.timeline.set_attention_shown(True)
    assert [len(stage.token_rows(index)) for index in range(4)] == [3, 2, 3, 1]
    row = stage.token_rows(1)[0].intersected(stage.lane(1).united(stage.token_rows(1)[0]))
    image = stage.picture(row)
    heard, silent = (image[row.height() // 2, stage.x(time_s), :3] for time_s in (6.0, 2.0))
    assert np.abs(heard.astype(int) - silent).max() > 60
    stage.timeline.set_attention_shown(False)
    assert not stage.token_rows(0)


def test_lighting_a_phrase_tints_the_waveform_where_it_is_heard(stage: Stage) -> None:
    stage.timeline.show_peaks(burst_peaks(0.0, 10.0))
    before = stage.picture(stage.track("wave"))
    stage.timeline.highlight_phrase(1)
    columns = columns_that_differ(before, stage.picture(stage.track("wave")))
    assert_spans(columns, *about(stage, 3.0, 9.0))
    stage.timeline.highlight_phrase(-1)
    assert not len(columns_that_differ(before, stage.picture(stage.track("wave"))))


def test_lighting_a_phrase_that_is_not_there_does_nothing(stage: Stage) -> None:
    before = stage.picture()
    stage.timeline.highlight_phrase(40)
    assert not len(columns_that_differ(before, stage.picture()))


def test_a_finer_outline_replaces_the_coarse_one_where_it_is(stage: Stage) -> None:
    stage.timeline.show_peaks(burst_peaks(0.0, 10.0))
    stage.timeline.zoom_to((4.0, 6.0))
    before = stage.picture(stage.track("wave"))
    start_s, end_s = stage.seen
    stage.timeline.show_detail(burst_peaks(0.0, 0.0, duration_s=1.0), start_s, 5.0)
    columns = columns_that_differ(before, stage.picture(stage.track("wave")))
    assert_spans(columns, 0, about(stage, 5.0, end_s)[0])


@pytest.mark.parametrize("whole_first", [True, False])
def test_a_finer_spectrogram_goes_over_the_coarse_one(stage: Stage, whole_first: bool) -> None:
    stage.timeline.set_spectrogram_shown(True)
    whole, silent = burst_picture(0.0, 10.0), burst_picture(0.0, 0.0)
    part = replace(silent, start_s=4.0, end_s=6.0)
    stage.timeline.show_spectrogram(whole)
    before = stage.picture(stage.track("picture"))
    stage.timeline.show_sound(sound("again.wav"))
    stage.ground(DOG, RAIN, OWL, THUNDER)
    for picture in (whole, part) if whole_first else (part, whole):
        stage.timeline.show_spectrogram(picture)
    columns = columns_that_differ(before, stage.picture(stage.track("picture")))
    assert_spans(columns, *about(stage, 4.0, 6.0))


def test_zooming_by_methods(stage: Stage) -> None:
    stage.timeline.zoom_in()
    start_s, end_s = stage.seen
    assert end_s - start_s == pytest.approx(10 / 1.5)
    assert (start_s + end_s) / 2 == pytest.approx(5.0)
    assert not stage.track("strip").isEmpty()
    stage.timeline.zoom_out()
    assert stage.seen == pytest.approx((0.0, 10.0))
    stage.timeline.zoom_out()
    assert stage.seen == pytest.approx((0.0, 10.0))
    stage.timeline.mark((4.0, 5.0), finished=True)
    stage.timeline.zoom_to_region()
    assert stage.seen == pytest.approx((3.8, 5.2))
    stage.timeline.zoom_all()
    assert stage.seen == (0.0, 10.0)
    assert stage.track("strip").isEmpty()


def test_zooming_keeps_the_playhead_in_its_place(stage: Stage) -> None:
    stage.timeline.show_playhead(2.0)
    x = stage.x(2.0)
    stage.timeline.zoom_in()
    assert abs(stage.x(2.0) - x) <= 1


def test_without_a_region_the_best_moment_is_zoomed_to(qtbot: QtBot) -> None:
    stage = Stage(qtbot, row=sound("a.wav", score=0.9, start_s=2.0, end_s=4.0))
    stage.timeline.zoom_to_region()
    assert stage.seen == pytest.approx((1.6, 4.4))


def test_another_sound_takes_everything_of_the_last_one_away(stage: Stage) -> None:
    fresh = Stage(stage.qtbot, row=sound("b.wav", duration_s=5.0))
    fresh.timeline.show_grounding(None)
    blank = fresh.picture()
    stage.timeline.show_peaks(burst_peaks(1.0, 9.0))
    stage.timeline.mark((1.0, 2.0), finished=True)
    stage.timeline.show_playhead(3.0)
    stage.timeline.zoom_in()
    stage.timeline.show_sound(sound("b.wav", duration_s=5.0))
    assert stage.timeline.region() is None
    assert stage.seen == (0.0, 5.0)
    assert not len(columns_that_differ(blank, stage.picture()))


def test_no_sound_is_said_in_words(qtbot: QtBot) -> None:
    timeline = Timeline()
    qtbot.addWidget(timeline)
    assert timeline.accessibleName() == "Timeline"
    assert timeline.accessibleDescription() == "Select a sound to see it here"
    assert len(set(map(tuple, _image(timeline).reshape(-1, 4).tolist()))) > 3


def _image(timeline: Timeline) -> NDArray[np.uint8]:
    image = timeline.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)


def test_the_description_says_which_phrase_is_heard_where(stage: Stage) -> None:
    assert stage.timeline.accessibleDescription() == (
        "walk.wav, 10 s. "
        "a dog barks: heard 1.0 to 2.0 seconds and 6.0 to 6.5 seconds. "
        "rain falls: heard 3.0 to 9.0 seconds. "
        "an owl hoots: not heard, nearest at 4.0 to 5.0 seconds. "
        "without thunder: not wanted, not heard."
    )
    stage.timeline.show_grounding(None)
    assert stage.timeline.accessibleDescription() == "walk.wav, 10 s."


def test_the_window_may_go_dark_while_it_is_seen(stage: Stage) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    light = stage.picture(stage.track("wave"))[1, 1]
    try:
        apply_theme(app, "dark")
        app.processEvents()
        assert stage.picture(stage.track("wave"))[1, 1, :3].max() < 80 < light[:3].min()
    finally:
        apply_theme(app, "light")


@pytest.mark.parametrize("duration_s", [0.0, 0.05, 3 * 3600.0, 400 * 3600.0])
def test_sounds_of_any_length_can_be_looked_at(qtbot: QtBot, duration_s: float) -> None:
    stage = Stage(qtbot, row=sound("x.wav", duration_s=duration_s, end_s=duration_s))
    stage.timeline.set_spectrogram_shown(True)
    half_s = duration_s / 2
    stage.ground(phrase("rain", 0.9, (0.0, half_s)))
    stage.timeline.show_peaks(burst_peaks(0.0, half_s, duration_s=duration_s))
    stage.timeline.show_spectrogram(burst_picture(0.0, half_s, duration_s=duration_s))
    stage.timeline.show_playhead(half_s)
    stage.timeline.mark((duration_s / 4, half_s), finished=True)
    for _ in range(60):
        stage.timeline.zoom_in()
        stage.picture()
    start_s, end_s = stage.seen
    assert end_s - start_s == pytest.approx(min(0.01, duration_s))
    assert start_s <= half_s <= end_s
    stage.timeline.zoom_all()
    stage.picture()
    assert stage.seen == (0.0, duration_s)


def test_a_click_finds_its_time_in_three_hours(qtbot: QtBot) -> None:
    stage = Stage(qtbot, row=sound("x.wav", duration_s=10_800.0))
    with qtbot.waitSignal(stage.timeline.seek_requested) as sought:
        stage.click(stage.on("wave", 7200.0))
    second_a_pixel = 10_800 / stage.track("wave").width()
    assert sought.args[0] == pytest.approx(7200.0, abs=second_a_pixel)


def test_hostile_names_are_only_text(qtbot: QtBot) -> None:
    stage = Stage(qtbot, row=sound(HOSTILE))
    hostile = phrase(HOSTILE, 0.9, (1.0, 2.0))
    stage.ground(hostile, hostile)
    stage.timeline.set_attention_shown(True)
    stage.picture()
    assert stage.track("wave").left() < stage.timeline.width() / 2
    said = stage.timeline.accessibleDescription()
    assert not {"\n", "\x1b", "‮"} & set(said)


def test_many_phrases_are_scrolled_through(stage: Stage) -> None:
    (bar,) = stage.timeline.findChildren(QScrollBar)
    assert not bar.isVisible()
    assert bar.accessibleName() == "Scroll the phrases"
    stage.ground(*[DOG, RAIN] * 20)
    assert bar.isVisible()
    top = stage.lane(0).top()
    bar.setValue(bar.maximum())
    assert stage.lane(0).top() == top - bar.maximum()
    assert stage.lane(39).bottom() <= stage.timeline.height()
    stage.ground(DOG)
    assert not bar.isVisible()
    assert stage.lane(0).top() == stage.track("wave").bottom() + 1


@pytest.mark.parametrize("size", [(1, 1), (60, 20), (200, 3000), (4000, 60)])
def test_odd_sizes_are_painted(stage: Stage, size: tuple[int, int]) -> None:
    stage.timeline.set_spectrogram_shown(True)
    stage.timeline.set_attention_shown(True)
    stage.timeline.show_peaks(burst_peaks(1.0, 2.0))
    stage.timeline.show_spectrogram(burst_picture(1.0, 2.0))
    stage.timeline.mark((1.0, 2.0), finished=True)
    stage.timeline.set_loop(True)
    stage.timeline.highlight_phrase(0)
    stage.timeline.resize(*size)
    assert stage.picture().shape[:2] == (size[1], size[0])


def test_spans_too_near_to_be_told_apart_become_one_bar(qtbot: QtBot) -> None:
    stage = Stage(qtbot, row=sound("x.wav", duration_s=10_800.0))
    stage.ground(phrase("rain", 0.9, *[(3000.0 + 4 * n, 3002.0 + 4 * n) for n in range(1000)]))
    first, last = about(stage, 3000.0, 7000.0)
    row = stage.picture(stage.lane(0))[stage.lane(0).height() // 2, :, :3]
    colour = lane_colour(0, dark=False)
    full = (row == (colour.blue(), colour.green(), colour.red())).all(axis=-1)
    assert full[first + 3 : last - 3].all()
    assert not full[: first - 3].any()
    assert not full[last + 5 :].any()
