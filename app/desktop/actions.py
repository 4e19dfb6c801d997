"""Every command of the window: one table for menus, keys, the palette and the shortcut sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Command:
    """One thing that the person can do.

    Attributes:
        id: what the program knows it by.
        text: as menus say it.
        keys: key sequences, the first one is shown.
        group: its menu.
        tip: one sentence more.
        repeats: whether a key that is held down does it again and again.
        everywhere: whether the keys work in the whole window; otherwise the view that has the
            focus answers them itself (Enter searches in the field, and plays in the results).
    """

    id: str
    text: str
    keys: tuple[str, ...]
    group: str
    tip: str = ""
    repeats: bool = False
    everywhere: bool = True


COMMANDS: tuple[Command, ...] = (
    Command("add_folder", "Add folder…", ("Ctrl+O",), "Library", "Take a folder of sounds in."),
    Command("rescan", "Rescan folders", ("F5",), "Library", "Look for new and changed sounds."),
    Command("show_panel", "Show or hide library", ("Ctrl+L",), "Library"),
    Command("preferences", "Preferences…", ("Ctrl+,",), "Library"),
    Command("quit", "Quit", ("Ctrl+Q",), "Library"),
    Command("focus_search", "Search", ("Ctrl+F", "/"), "Search", "Go to the caption."),
    Command("back", "Back", ("Alt+Left",), "Search"),
    Command("forward", "Forward", ("Alt+Right",), "Search"),
    Command("save_search", "Save this search…", ("Ctrl+S",), "Search"),
    Command("more_like", "More like this", ("M",), "Search", "Look for sounds like this one."),
    Command("play", "Play or pause", ("Space",), "Play"),
    Command("play_best", "Play the best match", ("Return",), "Play", everywhere=False),
    Command("next_match", "Next match", ("N",), "Play", repeats=True),
    Command("previous_match", "Previous match", ("Shift+N",), "Play", repeats=True),
    *(
        Command(f"play_phrase_{n}", f"Play phrase {n}", (str(n),), "Phrases", "Its strongest span.")
        for n in range(1, 10)
    ),
    Command("loop", "Loop", ("L",), "Play", "Repeat the region, or the whole sound."),
    Command("step_back", "One second back", ("Left",), "Play", repeats=True),
    Command("step_forward", "One second forward", ("Right",), "Play", repeats=True),
    Command("auto_play", "Play on selection", ("Ctrl+P",), "Play", "Selecting a row plays it."),
    Command("region_start", "Region starts here", ("[",), "Play"),
    Command("region_end", "Region ends here", ("]",), "Play"),
    Command("favourite", "Favourite", ("F",), "Sound", "Add or remove the star."),
    Command("reveal", "Show in file manager", ("Ctrl+R",), "Sound"),
    Command("copy_path", "Copy path", ("Ctrl+C",), "Sound"),
    Command("copy_words", "Copy words", (), "Sound", "What is said in the sound, and when."),
    Command("export_wav", "Export region as WAV", ("Ctrl+E",), "Sound"),
    Command("export_txt", "Export labels for Audacity", (), "Sound"),
    Command("export_TextGrid", "Export Praat TextGrid", (), "Sound"),
    Command("export_vtt", "Export WebVTT", (), "Sound"),
    Command("export_csv", "Export CSV", (), "Sound"),
    Command("export_json", "Export JSON", (), "Sound"),
    Command("zoom_in", "Zoom in", ("+", "="), "View", repeats=True),
    Command("zoom_out", "Zoom out", ("-",), "View", repeats=True),
    Command("zoom_all", "Show all of the sound", ("0",), "View"),
    Command("zoom_region", "Zoom to the region", ("Z",), "View"),
    Command("attention", "Show what each word listens to", ("A",), "View"),
    Command("spectrogram", "Show the spectrogram", ("S",), "View"),
    Command("details", "Show or hide details", ("I",), "View", "What the file says of itself."),
    Command("theme", "Light or dark", ("Ctrl+D",), "View"),
    Command("escape", "Stop, then clear", ("Esc",), "View", "Stop; clear region; clear selection."),
    Command("palette", "All commands…", ("Ctrl+Shift+P",), "Help"),
    Command("keys", "Keys", ("F1",), "Help"),
)


def make_actions(window: QWidget, commands: Sequence[Command] = COMMANDS) -> dict[str, QAction]:
    """An action for each command, by its id.

    Its keys work in the whole window; the window lets focused controls keep theirs first.
    """
    return {command.id: _action(window, command) for command in commands}


def _action(window: QWidget, command: Command) -> QAction:
    action = QAction(command.text, window)
    action.setShortcuts([QKeySequence(keys) for keys in command.keys])
    # The window itself never has the focus: keys of the other kind are only shown, in menus too.
    everywhere, shown_only = Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.WidgetShortcut
    action.setShortcutContext(everywhere if command.everywhere else shown_only)
    action.setAutoRepeat(command.repeats)
    action.setStatusTip(command.tip)
    window.addAction(action)
    return action
