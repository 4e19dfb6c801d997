"""The model that listens: which one, what it knows, and whether the library fits it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.desktop.models.entries import tip_text
from app.desktop.models.text import plain_text
from app.desktop.views.library.section import Section, plain_label
from tokenalign.bundle import Bundle

OTHER_FOLDER = "Choose a folder…"


class BundlesSection(Section):
    """Choice of the bundle, and its card."""

    bundle_chosen = Signal(str)
    card_requested = Signal(object)
    reindex_requested = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(title="Model", parent=parent)
        self._bundles: tuple[Bundle, ...] = ()
        self._current = -1
        self._indexed_with: tuple[str, ...] = ()
        self._about = self.add_button("About", "What this model knows, and how well")
        self._about.clicked.connect(lambda _checked: self._on_about_pressed())
        self._choice = CalmChoice()
        self._choice.setAccessibleName("Model")
        self._choice.setToolTip("The model that sounds are searched with")
        self._choice.activated.connect(self._on_activated)
        self._knows = plain_label(detail=True, wrapped=True)
        self._note = plain_label(wrapped=True)
        self._reindex = QToolButton()
        self._reindex.setText("Index the library with this model")
        self._reindex.setAccessibleName(self._reindex.text())
        self._reindex.setToolTip("All sounds are listened to again; this takes a while")
        self._reindex.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._reindex.clicked.connect(lambda _checked: self.reindex_requested.emit())
        unit = self.fontMetrics().height()
        column = QVBoxLayout()
        column.setContentsMargins(unit // 4, 0, unit // 4, 0)
        for widget in (self._choice, self._knows, self._note, self._reindex):
            column.addWidget(widget)
        self.body.addLayout(column)
        self._fill()

    def show_bundles(self, bundles: Sequence[Bundle], current: str) -> None:
        """Show the bundles to choose from.

        Args:
            bundles: installed ones, and the present one.
            current: name or folder of the present one.
        """
        self._bundles = tuple(bundles)
        called = [bundle.name for bundle in bundles]
        folders = [str(bundle.path) for bundle in bundles]
        names = folders if current in folders else called
        self._current = names.index(current) if current in names else -1
        self._fill()

    def show_indexed_with(self, names: Sequence[str]) -> None:
        """Say which bundles have heard the most of the library; none when it holds nothing."""
        if tuple(names) != self._indexed_with:
            self._indexed_with = tuple(names)
            self._fill()

    def set_busy(self, busy: bool) -> None:
        """While indexing goes on, the model stays."""
        self._choice.setEnabled(not busy)
        self._reindex.setEnabled(not busy)

    def _fits(self, bundle: Bundle) -> bool:
        return not self._indexed_with or bundle.name in self._indexed_with

    def _fill(self) -> None:
        self._choice.clear()
        for bundle in self._bundles:
            name = plain_text(bundle.name)
            fits = self._fits(bundle)
            self._choice.addItem(name if fits else f"{name} (needs a re-index)")
            tip = tip_text((plain_text(bundle.vocabulary), plain_text(str(bundle.path))))
            self._choice.setItemData(self._choice.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        if self._bundles:
            self._choice.insertSeparator(len(self._bundles))
        self._choice.addItem(OTHER_FOLDER)
        self._choice.setCurrentIndex(self._current)
        self._show_current()

    def _show_current(self) -> None:
        bundle = self._bundles[self._current] if self._current >= 0 else None
        fits = bundle is None or self._fits(bundle)
        self._about.setEnabled(bundle is not None)
        self._knows.setText("" if bundle is None else f"Knows {plain_text(bundle.vocabulary)}.")
        self._knows.setVisible(bundle is not None and bool(bundle.vocabulary))
        self._note.setText(
            f"The library was indexed with “{plain_text(', '.join(self._indexed_with))}”, which"
            " still answers searches. To search with this model it needs a re-index."
        )
        self._note.setVisible(not fits)
        self._reindex.setVisible(not fits)

    def _on_about_pressed(self) -> None:
        if self._current >= 0:
            self.card_requested.emit(self._bundles[self._current])

    def _on_activated(self, row: int) -> None:
        """The choice shows the present bundle until the other one is there."""
        self._choice.setCurrentIndex(self._current)
        if row >= len(self._bundles):
            self._choose_folder()
        elif row != self._current:
            self.bundle_chosen.emit(self._address(self._bundles[row]))

    def _address(self, bundle: Bundle) -> str:
        """What to load a bundle by: its name where that tells it from the others."""
        namesakes = [other for other in self._bundles if other.name == bundle.name]
        plain = len(namesakes) == 1 and bundle.path.name == bundle.name
        return bundle.name if plain else str(bundle.path)

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self.window(), "Choose the folder of a bundle")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.bundle_chosen)
        dialog.open()


class CalmChoice(QComboBox):
    """A choice that the mouse wheel does not change in passing."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the panel scroll."""
        event.ignore()
