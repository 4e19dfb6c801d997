"""Which sound the timeline shows, through one search and the next."""

from __future__ import annotations

from pathlib import Path

from app.desktop.stage import Stage
from tokenalign.refinement import Emphasis


def shown(stage: Stage) -> Path | None:
    """The sound in the timeline."""
    row = stage.program.showing.row
    return row.path if row else None


def phrases(stage: Stage) -> list[str]:
    """What the timeline has lanes for."""
    grounding = stage.program.showing.grounding
    return [phrase.text for phrase in grounding.phrases] if grounding else []


def selected(stage: Stage) -> list[Path]:
    return [row.path for row in stage.program.results.selected_rows()]


def test_a_refined_search_stays_with_the_sound_and_does_not_play_it_again(stage: Stage) -> None:
    program = stage.program
    program.listening.auto_play = True
    stage.search("a dog barks")
    stage.select(2)
    program.player.stop()
    path = shown(stage)
    stage.search("a dog barks, then rain")
    assert selected(stage) == [path]
    assert shown(stage) == path
    assert phrases(stage) == ["a dog barks", "rain"]
    program.bar.set_emphases((Emphasis.BOOSTED, Emphasis.NORMAL))
    program.bar.emphases_changed.emit(program.bar.emphases())
    stage.wait_until(stage.at_rest)
    assert selected(stage) == [path]
    assert program.player.state.value == "stopped"


def test_the_best_moment_of_the_refined_search_is_played_and_what_is_marked_stays(
    stage: Stage,
) -> None:
    program = stage.program
    stage.search("a dog barks")
    lines = program.rows.loaded(0, program.rows.rowCount() - 1)
    stage.select(next(i for i, line in enumerate(lines) if line.row.name == "ZOOM0001.WAV"))
    before = program.showing.row
    program.timeline.mark((1.0, 2.0), finished=True)
    stage.search("rain falls")
    after = program.showing.row
    assert before is not None
    assert after is not None
    assert before.path == after.path
    assert before.start_s != after.start_s
    assert program.timeline.region() == (1.0, 2.0)


def test_a_sound_that_is_not_found_any_more_is_grounded_for_the_new_caption(stage: Stage) -> None:
    stage.search("church bells ring")
    stage.select(0)
    path = shown(stage)
    stage.program.searching.show_where("duration<0.01")
    stage.search("rain falls")
    assert stage.program.rows.sounds == 0
    assert shown(stage) == path
    assert phrases(stage) == ["rain falls"]


def test_with_nothing_selected_the_first_result_is_shown_and_not_played(stage: Stage) -> None:
    program = stage.program
    program.listening.auto_play = True
    stage.search("a dog barks")
    stage.search("church bells ring")
    (first,) = program.rows.loaded(0, 0)
    assert shown(stage) == first.row.path
    assert phrases(stage) == ["church bells ring"]
    assert selected(stage) == []
    assert program.player.state.value == "stopped"
    program.actions["favourite"].trigger()
    stage.wait_until(lambda: program.rows.loaded(0, 0)[0].row.favourite)
    program.actions["escape"].trigger()
    assert shown(stage) is None
    stage.search("rain falls")
    stage.search("")
    assert shown(stage) is None
