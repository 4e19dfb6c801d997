"""What the commands of `actions` do, what they need, and which of them are ticked.

A new command is a line there and one in `effects`; what it needs is one of `needs`, and if it has a
tick, `ticks` says when.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import SignalInstance

from app.desktop.player.player import PlayState
from tokenalign.labels import LABEL_SUFFIXES, LIST_SUFFIXES

if TYPE_CHECKING:
    from app.desktop.program import Program

STEP_S = 1.0


def effects(program: Program) -> Mapping[str, Callable[[], object]]:
    """What each command does."""
    listening, handling = program.listening, program.handling
    timeline, preferring = program.timeline, program.preferring
    phrases = {f"play_phrase_{n}": lambda n=n: listening.play_phrase(n - 1) for n in range(1, 10)}
    exports = {
        f"export_{suffix}": lambda suffix=suffix: handling.export(suffix)
        for suffix in ("wav", *(dotted.removeprefix(".") for dotted in LABEL_SUFFIXES))
    }
    lists = {
        f"list_{suffix}": lambda suffix=suffix: handling.export_list(suffix)
        for suffix in (dotted.removeprefix(".") for dotted in LIST_SUFFIXES)
    }
    return {
        **phrases,
        **exports,
        **lists,
        "add_folder": program.panel.choose_folder,
        "rescan": lambda: program.collecting.index(()),
        "show_panel": preferring.toggle_panel,
        "preferences": preferring.open,
        "quit": program.window.close,
        "focus_search": program.bar.go_to_caption,
        "back": program.visiting.go_back,
        "forward": program.visiting.go_forward,
        "save_search": program.bar.open_save,
        "more_like": handling.more_like_shown,
        "play": listening.toggle,
        "play_best": listening.play_best,
        "next_match": lambda: listening.play_match(1),
        "previous_match": lambda: listening.play_match(-1),
        "loop": listening.toggle_loop,
        "step_back": lambda: listening.nudge(-STEP_S),
        "step_forward": lambda: listening.nudge(STEP_S),
        "auto_play": preferring.toggle_auto_play,
        "region_start": lambda: listening.mark_region(start=True),
        "region_end": lambda: listening.mark_region(start=False),
        "favourite": handling.toggle_selected_favourites,
        "reveal": handling.reveal_shown,
        "open": handling.open_shown,
        "copy_path": handling.copy_selected_paths,
        "copy_words": handling.copy_words,
        "zoom_in": timeline.zoom_in,
        "zoom_out": timeline.zoom_out,
        "zoom_all": timeline.zoom_all,
        "zoom_region": timeline.zoom_to_region,
        "attention": preferring.toggle_attention,
        "spectrogram": preferring.toggle_spectrogram,
        "details": program.results.details_action.toggle,
        "theme": preferring.toggle_theme,
        "escape": program.escape,
        "palette": program.helping.open_palette,
        "about": program.helping.open_about,
        "keys": program.helping.open_keys,
    }


def needs(program: Program) -> Mapping[str, Callable[[], bool]]:
    """Whether what a command may need is there."""
    showing, speaking, visiting = program.showing, program.speaking, program.visiting

    def has_phrase(number: int) -> bool:
        return showing.grounding is not None and len(showing.grounding.phrases) >= number

    return {
        "": lambda: True,
        "folders": lambda: program.collecting.holds_anything,
        "earlier search": lambda: visiting.history.can_go_back,
        "later search": lambda: visiting.history.can_go_forward,
        "search": lambda: program.bar.saved_button.save_action.isEnabled(),
        "sound": lambda: showing.row is not None,
        "sound or playback": lambda: (
            showing.row is not None or program.player.state is not PlayState.STOPPED
        ),
        "caption": lambda: showing.grounding is not None,
        "list": lambda: program.rows.sounds > 0,
        "words": lambda: bool(speaking.words),
        "labels": lambda: showing.grounding is not None or bool(speaking.words),
        **{f"phrase {n}": partial(has_phrase, n) for n in range(1, 10)},
    }


def ticks(program: Program) -> Mapping[str, Callable[[], bool]]:
    """Whether a command that is on or off is on."""
    settings = program.settings
    return {
        "show_panel": lambda: program.window.panel_shown,
        "loop": lambda: program.listening.looping,
        "auto_play": lambda: settings.values.auto_play,
        "attention": lambda: settings.values.attention_shown,
        "spectrogram": lambda: settings.values.spectrogram_shown,
        "details": lambda: program.results.details_action.isChecked(),
    }


def changes(program: Program) -> Sequence[SignalInstance]:
    """What tells that a need or a tick may be another one."""
    return (
        *(action.triggered for action in program.actions.values()),
        program.collecting.status_changed,
        program.searching.answered,
        program.visiting.history_changed,
        program.bar.field.textChanged,
        program.showing.changed,
        program.speaking.changed,
        program.player.state_changed,
        program.player_bar.loop_toggled,
        program.timeline.loop_requested,
        program.results.details_action.toggled,
        program.preferring.changed,
    )
