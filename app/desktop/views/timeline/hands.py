"""What the person does with the timeline: mouse, tooltips, context menu; wheel and keys go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QToolTip

from app.desktop.views.timeline.keyboard import Keyboard
from app.desktop.views.timeline.menu import Effects, context_menu
from app.desktop.views.timeline.mouse import Action, DragOut, Look, Mark, Mouse, Play, Seek
from app.desktop.views.timeline.scene import Scene, Span
from app.desktop.views.timeline.sentences import tip_of
from app.desktop.views.timeline.spots import NOWHERE, Kind, Spot, spot_at
from app.desktop.views.timeline.wheel import turn_wheel

if TYPE_CHECKING:
    from app.desktop.views.timeline.timeline import Timeline

_CURSORS = {
    Kind.REGION_START: Qt.CursorShape.SizeHorCursor,
    Kind.REGION_END: Qt.CursorShape.SizeHorCursor,
    Kind.GRIP: Qt.CursorShape.OpenHandCursor,
    Kind.SPAN: Qt.CursorShape.PointingHandCursor,
    Kind.LABEL: Qt.CursorShape.PointingHandCursor,
}


class Hands:
    """Makes the events of a timeline its signals.

    Args:
        timeline: whose events, and whose signals.
        scene: what is pointed at.
    """

    def __init__(self, *, timeline: Timeline, scene: Scene) -> None:
        self._timeline = timeline
        self._scene = scene
        self._mouse = Mouse(scene=scene, threshold=QApplication.startDragDistance())
        self._keyboard = Keyboard(timeline=timeline, scene=scene)
        self._hovered = -1
        self._handlers = {
            QEvent.Type.MouseButtonPress: self._on_pressed,
            QEvent.Type.MouseMove: self._on_moved,
            QEvent.Type.MouseButtonRelease: self._on_released,
            QEvent.Type.MouseButtonDblClick: self._on_double_clicked,
            QEvent.Type.Leave: self._on_left,
            QEvent.Type.Wheel: self._on_wheel,
            QEvent.Type.ToolTip: self._on_tip,
            QEvent.Type.ContextMenu: self._on_menu,
            QEvent.Type.ShortcutOverride: self._keyboard.on_claimed,
            QEvent.Type.KeyPress: self._keyboard.on_pressed,
            QEvent.Type.FocusIn: self._keyboard.on_focus,
            QEvent.Type.FocusOut: self._keyboard.on_focus,
        }

    @property
    def busy(self) -> bool:
        """Whether the mouse's button is down."""
        return self._mouse.busy

    def let_go(self) -> None:
        """What the mouse has begun ends, and nothing comes of it."""
        self._mouse.forget()

    def renew(self) -> None:
        """Other lanes are shown: none of them is hovered yet."""
        self._hover(NOWHERE)
        self._keyboard.renew()

    def extend(self) -> None:
        """The words have come, changed or gone."""
        self._keyboard.extend()

    def handle(self, event: QEvent) -> bool:
        """Whether the event meant something here, and ends."""
        handler = self._handlers.get(event.type())
        return handler(event) if handler is not None else False

    # The mouse

    def _spot(self, point: QPoint) -> Spot:
        reach = max(3, self._timeline.fontMetrics().height() // 4)
        return spot_at(self._scene, point, reach=reach)

    def _on_pressed(self, event: QEvent) -> bool:
        mouse = cast(QMouseEvent, event)
        if mouse.button() is not Qt.MouseButton.LeftButton:
            return False
        point = mouse.position().toPoint()
        self._do(self._mouse.press(self._spot(point), point))
        return True

    def _on_moved(self, event: QEvent) -> bool:
        point = cast(QMouseEvent, event).position().toPoint()
        track = self._scene.body
        inside = track.left() <= point.x() <= track.right() + 1
        self._scene.pointer_s = self._scene.axis.time_s(point.x()) if inside else None
        if self._mouse.busy:
            self._do(self._mouse.move(point))
        else:
            self._hover(self._spot(point))
        self._timeline.update()
        return True

    def _on_released(self, event: QEvent) -> bool:
        mouse = cast(QMouseEvent, event)
        if mouse.button() is not Qt.MouseButton.LeftButton:
            return False
        self._do(self._mouse.release(mouse.position().toPoint()))
        return True

    def _on_double_clicked(self, event: QEvent) -> bool:
        """Look closer at a span or the region; anywhere else, at the whole sound again."""
        spot = self._spot(cast(QMouseEvent, event).position().toPoint())
        if spot.segment is not None:
            self._timeline.zoom_to((spot.segment.start_s, spot.segment.end_s))
        elif spot.kind is Kind.GRIP:
            self._timeline.zoom_to_region()
        elif spot.kind is not Kind.LABEL:
            self._timeline.zoom_all()
        return True

    def _on_left(self, event: QEvent) -> bool:
        self._scene.pointer_s = None
        self._hover(NOWHERE)
        self._timeline.update()
        return False

    def _hover(self, spot: Spot) -> None:
        self._timeline.setCursor(_CURSORS.get(spot.kind, Qt.CursorShape.ArrowCursor))
        if spot.phrase == self._hovered:
            return
        self._hovered = spot.phrase
        self._timeline.highlight_phrase(spot.phrase)
        self._timeline.phrase_hovered.emit(spot.phrase)

    def _do(self, action: Action) -> None:
        timeline = self._timeline
        match action:
            case Seek(time_s):
                timeline.seek_requested.emit(time_s)
            case Play((start_s, end_s)):
                timeline.play_requested.emit(start_s, end_s)
            case Mark(span, finished):
                timeline.mark(span, finished=finished)
            case Look(time_s):
                axis = self._scene.axis
                timeline.look(axis.moved(time_s - (axis.start_s + axis.end_s) / 2))
            case DragOut():
                timeline.region_dragged.emit()

    def _on_wheel(self, event: QEvent) -> bool:
        return turn_wheel(self._timeline, self._scene, cast(QWheelEvent, event))

    def _on_tip(self, event: QEvent) -> bool:
        asked = cast(QHelpEvent, event)
        text = tip_of(self._spot(asked.pos()), self._scene.region)
        QToolTip.showText(asked.globalPos(), text, self._timeline)
        return True

    # The menu

    def _on_menu(self, event: QEvent) -> bool:
        asked = cast(QContextMenuEvent, event)
        if self._scene.row is not None:
            self.menu_at(asked.pos(), by_key=asked.reason() == asked.Reason.Keyboard).popup(
                asked.globalPos()
            )
        return True

    def menu_at(self, point: QPoint, *, by_key: bool = False) -> QMenu:
        """The context menu of a place; by key, of where the cursor stands."""
        segment = self._spot(point).segment
        span = (segment.start_s, segment.end_s) if segment else None
        timeline = self._timeline
        effects = Effects(
            play=lambda span: timeline.play_requested.emit(*span),
            loop=self._loop,
            zoom=timeline.zoom_to,
            zoom_all=timeline.zoom_all,
            clear=timeline.clear_region,
            export_wav=self._export_wav,
            export_labels=timeline.export_requested.emit,
            copy_words=timeline.copy_words_requested.emit,
        )
        return context_menu(
            timeline,
            effects,
            span=self._keyboard.chosen if by_key else span,
            region=self._scene.region,
            zoomed=self._scene.zoomed,
            labelled=bool(self._scene.rows),
            spoken=self._scene.words is not None,
        )

    def _loop(self, span: Span) -> None:
        self._timeline.mark(span, finished=True)
        self._timeline.loop_requested.emit()

    def _export_wav(self, span: Span) -> None:
        self._timeline.mark(span, finished=True)
        self._timeline.export_requested.emit("wav")
