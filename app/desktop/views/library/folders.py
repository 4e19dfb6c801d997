"""The folders of the library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout, QWidget

from app.desktop.actions import with_keys
from app.desktop.models.entries import EntriesModel, EntryRole, folder_entry
from app.desktop.models.text import plain_text
from app.desktop.views.check_box import CheckBox
from app.desktop.views.library.confirming import confirm
from app.desktop.views.library.entry_list import EntryList
from app.desktop.views.library.section import Section, plain_label
from tokenalign.library import RootStatus

NO_FOLDERS = "Drop a folder of sounds here, or add one. The files stay where they are."


class FoldersSection(Section):
    """Folders to search in, to add and to remove."""

    folders_added = Signal(list)
    folder_removed = Signal(object)
    filter_requested = Signal(object)
    reveal_requested = Signal(object)
    rescan_requested = Signal()
    rescan_at_start_toggled = Signal(bool)
    watching_toggled = Signal(bool)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(title="Folders", parent=parent)
        self._rescan = self.add_button(
            "Rescan", with_keys("Look for new, changed and moved sounds", "rescan")
        )
        self._rescan.clicked.connect(lambda _checked: self.rescan_requested.emit())
        add = self.add_button(
            "Add…", with_keys("Add a folder of sounds to the library", "add_folder")
        )
        add.clicked.connect(lambda _checked: self.choose_folder())
        self._model = EntriesModel[RootStatus](entry_of=folder_entry, parent=self)
        self._list = EntryList(model=self._model, name="Folders of the library")
        self._list.chosen.connect(lambda root: self.filter_requested.emit(root.path))
        self._list.removal_requested.connect(self._ask_to_remove)
        self._list.customContextMenuRequested.connect(self._on_menu_wanted)
        self._empty = plain_label(NO_FOLDERS, detail=True, wrapped=True)
        self._empty.setMargin(self.fontMetrics().height() // 4)
        self._at_start = _choice("Rescan at start", "Look for new sounds when the window opens")
        self._at_start.clicked.connect(self.rescan_at_start_toggled)
        self._watching = _choice("Watch for changes", "Notice new sounds while the window is open")
        self._watching.clicked.connect(self.watching_toggled)
        self._choices = QWidget()
        choices = QVBoxLayout(self._choices)
        unit = self.fontMetrics().height()
        choices.setContentsMargins(unit // 4, 0, unit // 4, 0)
        choices.setSpacing(unit // 4)
        choices.addWidget(self._at_start)
        choices.addWidget(self._watching)
        for widget in (self._empty, self._list, self._choices):
            self.body.addWidget(widget)
        self.show_roots(())

    def show_roots(self, roots: Sequence[RootStatus]) -> None:
        """Show the folders of the library."""
        self._model.show_values(roots)
        self._empty.setVisible(not roots)
        for widget in (self._list, self._choices, self._rescan):
            widget.setVisible(bool(roots))

    def set_busy(self, busy: bool) -> None:
        """While folders are being looked through, there is nothing to start."""
        self._rescan.setEnabled(not busy)

    def set_rescan_at_start(self, wanted: bool) -> None:
        """Show whether the library looks for news when the window opens."""
        self._at_start.setChecked(wanted)

    def set_watching(self, wanted: bool) -> None:
        """Show whether the folders are watched."""
        self._watching.setChecked(wanted)

    def choose_folder(self) -> None:
        """Let the person pick a folder to add."""
        dialog = QFileDialog(self.window(), "Add a folder of sounds")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda folder: self.folders_added.emit([Path(folder)]))
        dialog.open()

    def menu_for(self, root: RootStatus) -> QMenu:
        """What can be done with a folder."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        show = menu.addAction("Show only its sounds")
        show.triggered.connect(lambda: self.filter_requested.emit(root.path))
        reveal = menu.addAction("Show in the file manager")
        reveal.setEnabled(not root.offline)
        reveal.triggered.connect(lambda: self.reveal_requested.emit(root.path))
        menu.addSeparator()
        remove = menu.addAction("Remove from the library…\tDel")
        remove.triggered.connect(lambda: self._ask_to_remove(root))
        return menu

    def _on_menu_wanted(self, point: QPoint) -> None:
        root = self._list.indexAt(point).data(EntryRole.VALUE)
        if root is not None:
            self.menu_for(root).popup(self._list.viewport().mapToGlobal(point))

    def _ask_to_remove(self, root: RootStatus) -> None:
        confirm(
            self.window(),
            question=f"Remove “{plain_text(root.path.name or str(root.path))}” from the library?",
            detail="The sounds stay on disk, untouched. They are not found by searches any more.",
            verb="Remove",
            then=lambda: self.folder_removed.emit(root.path),
        )


def _choice(text: str, tip: str) -> CheckBox:
    box = CheckBox(text)
    box.setToolTip(tip)
    box.setAccessibleName(f"Folders: {text}")
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return box
