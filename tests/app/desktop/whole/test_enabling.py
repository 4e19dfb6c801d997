"""Which commands are greyed, and which carry a tick."""

from __future__ import annotations

from app.desktop.actions import COMMANDS
from app.desktop.stage import Stage


def usable(stage: Stage) -> set[str]:
    """Commands that are not always there, and are now."""
    actions = stage.program.actions
    return {one.id for one in COMMANDS if one.needs and actions[one.id].isEnabled()}


def ticked(stage: Stage) -> set[str]:
    return {name for name, action in stage.program.actions.items() if action.isChecked()}


def test_commands_are_greyed_until_there_is_what_they_need(stage: Stage) -> None:
    program = stage.program
    stage.wait_until(lambda: usable(stage) == {"rescan", "list_csv", "list_json"})
    stage.search("a dog barks, then rain falls")
    stage.wait_until(stage.at_rest)
    missing = {one.id for one in COMMANDS if one.needs} - usable(stage)
    assert missing == {"back", "forward", "copy_words", *(f"play_phrase_{n}" for n in range(3, 10))}
    stage.search("church bells")
    assert program.actions["back"].isEnabled()
    program.actions["back"].trigger()
    assert program.actions["forward"].isEnabled()
    stage.wait_until(stage.at_rest)
    stage.select(0)
    program.actions["play"].trigger()
    program.results.clear_selection()
    assert program.actions["play"].isEnabled()
    assert not program.actions["favourite"].isEnabled()
    program.actions["escape"].trigger()
    assert not program.actions["play"].isEnabled()
    program.bar.field.clear()
    assert not program.actions["save_search"].isEnabled()


def test_what_is_on_carries_a_tick_wherever_it_was_switched(stage: Stage) -> None:
    program = stage.program
    assert ticked(stage) == {"show_panel", "spectrogram"}
    for name in ("show_panel", "spectrogram", "loop", "auto_play", "attention", "details"):
        program.actions[name].trigger()
    assert ticked(stage) == {"loop", "auto_play", "attention", "details"}
    program.player_bar.loop_toggled.emit(False)
    program.results.details_action.trigger()
    program.preferring.set_auto_play(False)
    assert ticked(stage) == {"attention"}
