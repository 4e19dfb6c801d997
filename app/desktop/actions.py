"""Every command of the window: one table for menus, keys, the palette and the shortcut sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from tokenalign.labels import LABEL_FORMATS, LIST_SUFFIXES


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
        needs: what must be there for it to make sense, one of `effects.needs`; empty if it
            always does.
        toggles: whether it switches something on and off, and carries a tick.
        apart: whether a line stands above it in its menu.
        submenu: of its menu, where it has one.
    """

    id: str
    text: str
    keys: tuple[str, ...]
    group: str
    tip: str = ""
    repeats: bool = False
    everywhere: bool = True
    needs: str = ""
    toggles: bool = False
    apart: bool = False
    submenu: str = ""


COMMANDS: tuple[Command, ...] = (
    Command("add_folder", "Add folder…", ("Ctrl+O",), "Library", "Take a folder of sounds in."),
    Command(
        "rescan",
        "Rescan folders",
        ("F5",),
        "Library",
        "Look for new and changed sounds.",
        needs="folders",
    ),
    Command("show_panel", "Show the library", ("Ctrl+L",), "Library", toggles=True, apart=True),
    Command("preferences", "Preferences…", ("Ctrl+,",), "Library"),
    Command("quit", "Quit", ("Ctrl+Q",), "Library", apart=True),
    Command("focus_search", "Search", ("Ctrl+F", "/"), "Search", "Go to the caption."),
    Command("back", "Back", ("Alt+Left",), "Search", needs="earlier search", apart=True),
    Command("forward", "Forward", ("Alt+Right",), "Search", needs="later search"),
    Command("save_search", "Save this search…", ("Ctrl+S",), "Search", needs="search", apart=True),
    Command(
        "more_like",
        "More like this",
        ("M",),
        "Search",
        "Look for sounds like this one.",
        needs="sound",
    ),
    Command("play", "Play or pause", ("Space",), "Play", needs="sound or playback"),
    Command(
        "play_best", "Play the best moment", ("Return",), "Play", everywhere=False, needs="sound"
    ),
    Command("next_match", "Next span", ("N",), "Play", repeats=True, needs="caption", apart=True),
    Command("previous_match", "Previous span", ("Shift+N",), "Play", repeats=True, needs="caption"),
    *(
        Command(
            f"play_phrase_{n}",
            f"Play phrase {n}",
            (str(n),),
            "Phrases",
            "Its strongest span.",
            needs=f"phrase {n}",
        )
        for n in range(1, 10)
    ),
    Command(
        "loop",
        "Loop",
        ("L",),
        "Play",
        "Repeat the region, or the whole sound.",
        toggles=True,
        apart=True,
    ),
    Command(
        "auto_play",
        "Play on selection",
        ("Ctrl+P",),
        "Play",
        "Selecting a row plays it.",
        toggles=True,
    ),
    Command(
        "step_back",
        "One second back",
        ("Left",),
        "Play",
        repeats=True,
        needs="sound",
        apart=True,
    ),
    Command("step_forward", "One second forward", ("Right",), "Play", repeats=True, needs="sound"),
    Command("region_start", "Region starts here", ("[",), "Play", needs="sound", apart=True),
    Command("region_end", "Region ends here", ("]",), "Play", needs="sound"),
    Command("favourite", "Favourite", ("F",), "Sound", "Add or remove the star.", needs="sound"),
    Command("reveal", "Show in file manager", ("Ctrl+R",), "Sound", needs="sound", apart=True),
    Command(
        "open",
        "Open with its program",
        ("Ctrl+Shift+O",),
        "Sound",
        "The one that the system has for its kind.",
        needs="sound",
    ),
    Command("copy_path", "Copy path", ("Ctrl+C",), "Sound", needs="sound"),
    Command(
        "copy_words",
        "Copy words",
        (),
        "Sound",
        "What is said in the sound, and when.",
        needs="words",
    ),
    Command("export_wav", "Export region as WAV", ("Ctrl+E",), "Sound", needs="sound", apart=True),
    *(
        Command(
            f"export_{suffix.removeprefix('.')}",
            f"Export labels as {name}",
            (),
            "Sound",
            needs="labels",
            submenu="Export labels as",
        )
        for suffix, name in LABEL_FORMATS.items()
    ),
    *(
        Command(
            f"list_{suffix}",
            f"Export the list as {suffix.upper()}",
            (),
            "Sound",
            "The selected sounds; if they are less than two, all that are found.",
            needs="list",
            submenu="Export the list as",
        )
        for suffix in (dotted.removeprefix(".") for dotted in LIST_SUFFIXES)
    ),
    Command("zoom_in", "Zoom in", ("+", "="), "View", repeats=True, needs="sound"),
    Command("zoom_out", "Zoom out", ("-",), "View", repeats=True, needs="sound"),
    Command("zoom_all", "Show all of the sound", ("0",), "View", needs="sound"),
    Command("zoom_region", "Zoom to the region", ("Z",), "View", needs="sound"),
    Command(
        "attention",
        "Show what each word listens to",
        ("A",),
        "View",
        toggles=True,
        apart=True,
    ),
    Command("spectrogram", "Show the spectrogram", ("S",), "View", toggles=True),
    Command(
        "details", "Show details", ("I",), "View", "What the file says of itself.", toggles=True
    ),
    Command("theme", "Light or dark", ("Ctrl+D",), "View", apart=True),
    Command("escape", "Stop, then clear", ("Esc",), "View", "Stop; clear region; clear selection."),
    Command("palette", "All commands…", ("Ctrl+Shift+P",), "Help"),
    Command("keys", "Keys", ("F1",), "Help"),
    Command("about", "About TokenAlign", (), "Help", "Version, licences, log.", apart=True),
)


def keys_of(command_id: str) -> str:
    """The keys of a command as this system writes them: ``Ctrl+O``, on a Mac ``⌘O``.

    Raises:
        KeyError: no command of this id has keys.
    """
    return native_keys({one.id: one.keys[0] for one in COMMANDS if one.keys}[command_id])


def with_keys(text: str, command_id: str) -> str:
    """A text for a tip, and behind it the keys that do the same: ``Play (Space)``."""
    return f"{text} ({keys_of(command_id)})"


def native_keys(keys: str) -> str:
    """Keys of the table as this system writes them."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


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
    action.setCheckable(command.toggles)
    action.setStatusTip(command.tip)
    window.addAction(action)
    return action
