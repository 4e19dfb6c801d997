"""The window's parts, joined: what each of them says, and who listens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths

from app.desktop.actions import make_actions
from app.desktop.controllers.collecting import CollectingController
from app.desktop.controllers.commanding import connect, fill_menus
from app.desktop.controllers.dragging import RegionDrag
from app.desktop.controllers.enabling import EnablingController
from app.desktop.controllers.exporting import ExportingController
from app.desktop.controllers.handling import HandlingController
from app.desktop.controllers.helping import HelpingController
from app.desktop.controllers.keeping import KeepingController
from app.desktop.controllers.listening import ListeningController
from app.desktop.controllers.marking import MarkingController
from app.desktop.controllers.preferring import PreferringController
from app.desktop.controllers.searching import SearchController
from app.desktop.controllers.showing import ShowingController
from app.desktop.controllers.speaking import SpeakingController
from app.desktop.controllers.visiting import VisitingController
from app.desktop.controllers.watching import WatchingController
from app.desktop.effects import changes, effects, needs, ticks
from app.desktop.models.conditions import (
    FAVOURITE,
    below,
    collection_of,
    in_collection,
    with_collection_called,
)
from app.desktop.models.nothing import Remedy
from app.desktop.models.results import ResultsModel
from app.desktop.models.sounds import SoundRow
from app.desktop.outlines import Outlines
from app.desktop.player.player import Player
from app.desktop.searches import Found
from app.desktop.settings import SettingsFile
from app.desktop.trouble import trouble_text
from app.desktop.views.library.panel import LibraryPanel
from app.desktop.views.player.bar import PlayerBar
from app.desktop.views.results.results import ResultsView
from app.desktop.views.search.bar import SearchBar
from app.desktop.views.timeline.timeline import Timeline
from app.desktop.views.window import MainWindow
from app.desktop.workshop import Workshop
from tokenalign.errors import TokenAlignError
from tokenalign.library import Status


class Program(QObject):
    """The running desktop program.

    Args:
        workshop: library and model, not opened yet.
        settings: what the person chose before, and where it is kept.
        on_bug: takes unexpected exceptions: bugs of the program.
    """

    def __init__(
        self,
        *,
        workshop: Workshop,
        settings: SettingsFile,
        on_bug: Callable[[Exception], None],
    ) -> None:
        super().__init__()
        self.workshop = workshop
        self.settings = settings
        self._on_bug = on_bug
        self.rows = ResultsModel()
        self.bar = SearchBar()
        self.results = ResultsView()
        self.results.set_model(self.rows)
        self.timeline = Timeline()
        self.player_bar = PlayerBar()
        self.panel = LibraryPanel()
        self.player = Player()
        self.window = MainWindow(
            bar=self.bar,
            results=self.results,
            timeline=self.timeline,
            player_bar=self.player_bar,
            panel=self.panel,
        )
        self.searching = SearchController(
            workshop=workshop, bar=self.bar, results=self.results, model=self.rows, parent=self
        )
        self.visiting = VisitingController(searching=self.searching, bar=self.bar, parent=self)
        self.speaking = SpeakingController(workshop=workshop, timeline=self.timeline, parent=self)
        self.showing = ShowingController(
            workshop=workshop,
            outlines=Outlines(folder=workshop.data_dir / "outlines"),
            timeline=self.timeline,
            results=self.rows,
            speaking=self.speaking,
            parent=self,
        )
        self.listening = ListeningController(
            showing=self.showing,
            timeline=self.timeline,
            player=self.player,
            bar=self.player_bar,
            parent=self,
        )
        self.collecting = CollectingController(workshop=workshop, panel=self.panel, parent=self)
        self.watching = WatchingController(collecting=self.collecting, parent=self)
        self.marking = MarkingController(workshop=workshop, results=self.rows, parent=self)
        self.exporting = ExportingController(folder=_export_folder(settings), parent=self)
        self.handling = HandlingController(
            results=self.results,
            timeline=self.timeline,
            showing=self.showing,
            speaking=self.speaking,
            searching=self.searching,
            marking=self.marking,
            exporting=self.exporting,
            parent=self,
        )
        self.keeping = KeepingController(
            history_path=workshop.data_dir / "history.json", parent=self
        )
        self.preferring = PreferringController(
            settings=settings,
            keeping=self.keeping,
            window=self.window,
            listening=self.listening,
            exporting=self.exporting,
            watching=self.watching,
            speaking=self.speaking,
            timeline=self.timeline,
            results=self.results,
            panel=self.panel,
            player=self.player,
            player_bar=self.player_bar,
        )
        self.region_drag = RegionDrag(
            timeline=self.timeline, showing=self.showing, exporting=self.exporting
        )
        self.actions = make_actions(self.window)
        self.helping = HelpingController(
            window=self.window, actions=self.actions, data_dir=workshop.data_dir
        )
        connect(self.actions, effects(self))
        self.enabling = EnablingController(
            actions=self.actions,
            needs=needs(self),
            ticks=ticks(self),
            changes=changes(self),
            parent=self.window,
        )
        fill_menus(self.window.menuBar(), self.actions)
        self._join_views()
        self._join_controllers()

    # Beginning and ending

    def begin(self, folders: Sequence[Path] = ()) -> None:
        """Open the library, fill the window, take folders in; called after the first paint."""
        self.keeping.read_history(self.visiting.use_history)
        self.searching.refresh()
        self.collecting.show_bundles()
        self.collecting.refresh()
        if folders:
            self.collecting.add(folders)
        elif self.preferring.rescan_at_start:
            self.collecting.rescan_if_any()
        self.bar.setFocus()

    def close(self) -> None:
        """Cancel what can be cancelled, finish what must not be lost, close the library."""
        self.preferring.remember_layout()
        for controller in (
            self.searching,
            self.showing,
            self.speaking,
            self.listening,
            self.watching,
            self.collecting,
            self.marking,
            self.exporting,
            self.keeping,
        ):
            controller.close()
        self.workshop.close()

    # Joints

    def _join_views(self) -> None:
        bar, results, timeline, panel = self.bar, self.results, self.timeline, self.panel
        results.row_selected.connect(self.listening.select)
        results.row_updated.connect(self.listening.show)
        results.row_activated.connect(lambda _: self.listening.play_best())
        results.moment_selected.connect(self._on_moment_selected)
        results.remedy_chosen.connect(self._on_remedy_chosen)
        bar.phrase_hovered.connect(timeline.highlight_phrase)
        timeline.phrase_hovered.connect(bar.highlight_phrase)
        bar.list_wanted.connect(results.setFocus)
        bar.folders_dropped.connect(self.collecting.add)
        self.window.folders_dropped.connect(self.collecting.add)
        timeline.rescan_requested.connect(lambda: self.collecting.index(()))
        go_to = self.searching.go_to_place
        panel.folder_filter_requested.connect(lambda path: go_to(below(path)))
        panel.collection_filter_requested.connect(lambda name: go_to(in_collection(name)))
        panel.favourites_filter_requested.connect(lambda: go_to(FAVOURITE))
        panel.collected.connect(self.marking.collect)
        panel.favourites_dropped.connect(lambda paths: self.marking.set_favourite(paths, True))
        panel.reveal_requested.connect(self.handling.reveal)

    def _join_controllers(self) -> None:
        self.searching.answered.connect(self._on_answered)
        self.visiting.history_changed.connect(
            lambda: self.keeping.write_history(self.visiting.history)
        )
        self.collecting.status_changed.connect(self._on_status_changed)
        self.collecting.library_changed.connect(self.searching.refresh)
        self.collecting.collections_changed.connect(self._show_collections)
        self.collecting.collection_renamed.connect(self._on_collection_renamed)
        self.marking.marked.connect(self.collecting.refresh)
        self.collecting.bundle_changed.connect(self.preferring.remember_bundle)
        for told in (
            self.collecting.told,
            self.handling.told,
            self.watching.watch.told,
        ):
            told.connect(self.window.say)
        for failed in (
            self.searching.failed,
            self.showing.failed,
            self.speaking.failed,
            self.collecting.failed,
            self.marking.failed,
            self.exporting.failed,
            self.keeping.failed,
            self.watching.watch.failed,
        ):
            failed.connect(self._on_failed)

    # What commands do that is nobody else's task

    def _on_status_changed(self, status: Status) -> None:
        self.searching.set_library_empty(status.files == 0)

    def _on_remedy_chosen(self, remedy: str) -> None:
        if remedy == Remedy.ADD_FOLDER:
            self.panel.choose_folder()
        elif remedy == Remedy.DEMO:
            self.collecting.add_demo()

    def _on_answered(self, found: Found | None) -> None:
        by_caption = found is not None and found.request.example is None
        request = self.searching.request
        self.results.show_collection(collection_of(request.where))
        self.showing.ask_about(request.caption if by_caption else "", request.emphases)
        if not self.rows.again and self.results.current_row is None:
            first = self.rows.line_at(0) if found is not None else None
            self.listening.show(first.row if first else None)

    def _on_moment_selected(self, row: SoundRow, index: int) -> None:
        if index < len(row.moments):
            moment = row.moments[index]
            self.listening.select(row)
            self.listening.play_span(moment.start_s, moment.end_s)

    def _on_collection_renamed(self, name: str, new: str) -> None:
        self.visiting.rename_collection(name, new)
        where = self.searching.request.where
        if (renamed := with_collection_called(where, name, new)) != where:
            self.searching.show_where(renamed)

    def _show_collections(self, names: Sequence[str]) -> None:
        self.results.show_collections(names)
        self.bar.show_collections(names)

    def escape(self) -> None:
        """Stop; when nothing plays, clear the region; without one, the selection."""
        if self.listening.stop():
            return
        if self.timeline.region() is not None:
            self.timeline.clear_region()
        else:
            self.results.clear_selection()

    def _on_failed(self, error: Exception) -> None:
        """Say what the person can do something about; anything else is a bug."""
        if isinstance(error, TokenAlignError):
            self.window.warn(trouble_text(error))
        else:
            self._on_bug(error)


def _export_folder(settings: SettingsFile) -> Path:
    """The chosen folder, or one among the person's music."""
    if settings.values.export_folder:
        return Path(settings.values.export_folder)
    music = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MusicLocation)
    return Path(music or Path.home()) / "TokenAlign"
