"""The timeline's context menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.desktop.views.timeline.scene import Span
from tokenalign.labels import LABEL_FORMATS


class Effects:
    """What the menu's entries do.

    Args:
        play: plays a stretch.
        loop: marks a stretch and asks to repeat it.
        zoom: shows a stretch.
        zoom_all: shows the whole sound.
        clear: takes the region away.
        export_wav: marks a stretch and asks to export it.
        export_labels: asks to export phrases and words in a format.
        copy_words: asks to copy the words with their times.
    """

    def __init__(
        self,
        *,
        play: Callable[[Span], None],
        loop: Callable[[Span], None],
        zoom: Callable[[Span], None],
        zoom_all: Callable[[], None],
        clear: Callable[[], None],
        export_wav: Callable[[Span], None],
        export_labels: Callable[[str], None],
        copy_words: Callable[[], None],
    ) -> None:
        self.play = play
        self.loop = loop
        self.zoom = zoom
        self.zoom_all = zoom_all
        self.clear = clear
        self.export_wav = export_wav
        self.export_labels = export_labels
        self.copy_words = copy_words


def context_menu(
    parent: QWidget,
    effects: Effects,
    *,
    span: Span | None,
    region: Span | None,
    zoomed: bool,
    labelled: bool,
    spoken: bool,
) -> QMenu:
    """The menu for a place: of its span if there is one, else of the region.

    Args:
        parent: owner of the menu, which deletes itself when closed.
        effects: what the entries do.
        span: the span under the mouse.
        region: what the person has marked.
        zoomed: whether only a part of the sound is seen.
        labelled: whether there are phrases or words to export.
        spoken: whether there are words.
    """
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    what, target = ("span", span) if span is not None else ("region", region)
    _for_stretch(menu, effects, what, target)
    menu.addSeparator()
    menu.addAction("Show the whole sound", effects.zoom_all).setEnabled(zoomed)
    menu.addAction("Clear region", effects.clear).setEnabled(region is not None)
    menu.addSeparator()
    menu.addAction("Copy words", effects.copy_words).setEnabled(spoken)
    labels = menu.addMenu("Export labels as")
    labels.setEnabled(labelled)
    for suffix, name in LABEL_FORMATS.items():
        labels.addAction(name, partial(effects.export_labels, suffix.removeprefix(".")))
    return menu


def _for_stretch(menu: QMenu, effects: Effects, what: str, stretch: Span | None) -> None:
    entries = (
        (f"Play {what}", effects.play),
        (f"Loop {what}", effects.loop),
        (f"Zoom to {what}", effects.zoom),
        (f"Export {what} as WAV", effects.export_wav),
    )
    for text, act in entries:
        action = menu.addAction(text)
        action.setEnabled(stretch is not None)
        if stretch is not None:
            action.triggered.connect(partial(act, stretch))
