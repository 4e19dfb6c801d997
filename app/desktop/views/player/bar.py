"""The player's controls: a line under everything else."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFont, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.actions import with_keys
from app.desktop.models.text import plain_text
from app.desktop.player.outputs import OutputDevice
from app.desktop.player.player import PlayState
from app.desktop.views.player.glyphs import (
    GlyphButton,
    loop_glyph,
    pause_glyph,
    play_glyph,
    speaker_glyph,
    stop_glyph,
)
from app.desktop.views.player.labels import ElidedLabel, TroubleLine
from app.desktop.views.player.volume import Volume
from app.times import clock

DEFAULT_DEVICE = "System default"
NO_SOUND = "No sound selected"


class PlayerBar(QWidget):
    """Play, stop, loop, the place in the sound, its name, volume and device; troubles below.

    Signals:
        play_pressed: play or pause.
        stop_pressed: stop.
        loop_toggled: whether to repeat.
        volume_changed: in dB; -60 is silence.
        device_chosen: a name, or None for the system's default.
        devices_wanted: the menu of devices opens; `show_devices` may follow while it is open.
    """

    play_pressed = Signal()
    stop_pressed = Signal()
    loop_toggled = Signal(bool)
    volume_changed = Signal(float)
    device_chosen = Signal(object)
    devices_wanted = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_buttons()
        self._position = QLabel(self)
        self._duration = QLabel(self)
        self._name = ElidedLabel(parent=self)
        self._volume = Volume(parent=self)
        self._volume.changed.connect(self.volume_changed)
        self._trouble = TroubleLine(parent=self)
        self._times = (0.0, 0.0)
        self._lay_out()
        self._size_by_font()
        self.show_state(PlayState.STOPPED)
        self.show_position(0.0, 0.0)
        self.show_name("")
        self.show_devices((), None)

    # What it shows

    def show_state(self, state: PlayState) -> None:
        """Playing, paused or stopped; a trouble is over once something plays."""
        if state is PlayState.PLAYING:
            self._play.show_glyph(pause_glyph, name="Pause", tip=with_keys("Pause", "play"))
            self.show_trouble("")
        else:
            self._play.show_glyph(play_glyph, name="Play", tip=with_keys("Play", "play"))
        self._stop.setEnabled(state is not PlayState.STOPPED)

    def show_position(self, position_s: float, duration_s: float) -> None:
        """The place in the sound, and its length."""
        self._times = (position_s, duration_s)
        if position_s > duration_s > 0.0:
            position_s = duration_s
        longest_s = max(60.0, duration_s)
        self._position.setText(clock(position_s, digits=1, longest_s=longest_s))
        self._duration.setText(f"/ {clock(duration_s, digits=1, longest_s=longest_s)}")
        self._size_times(longest_s)

    def show_name(self, name: str) -> None:
        """The name of the sound; an empty one where there is none, and nothing to play."""
        self._name.show_text(plain_text(name) or NO_SOUND)
        self._name.setEnabled(bool(name))
        self._play.setEnabled(bool(name))

    def show_loop(self, looping: bool) -> None:
        """Whether it repeats."""
        self._loop.setChecked(looping)

    def show_volume(self, volume_db: float) -> None:
        """The volume, as remembered."""
        self._volume.show_volume(volume_db)

    def show_devices(self, devices: Sequence[OutputDevice], current: str | None) -> None:
        """What there is to play on; None is the system's default."""
        self._menu.clear()
        group = QActionGroup(self._menu)
        default = next((device.name for device in devices if device.is_default), "")
        label = f"{DEFAULT_DEVICE} ({default})" if default else DEFAULT_DEVICE
        self._menu.addAction(self._device_action(group, label, None, current))
        self._menu.addSeparator()
        names = [device.name for device in devices]
        for name in names:
            self._menu.addAction(self._device_action(group, name, name, current))
        if current is not None and current not in names:
            gone = self._device_action(group, f"{current} (not connected)", current, current)
            gone.setEnabled(False)
            self._menu.addAction(gone)
        chosen = plain_text(current or label)
        self._device.setToolTip(html.escape(f"Output: {chosen}"))
        self._device.setAccessibleDescription(chosen)

    def show_trouble(self, trouble: str) -> None:
        """One line that says what is wrong and what to do; empty: nothing is."""
        self._trouble.show_text(plain_text(trouble))

    @property
    def trouble(self) -> str:
        """What it says is wrong."""
        return self._trouble.text

    # How it is made

    def _make_buttons(self) -> None:
        self._play = GlyphButton(
            glyph=play_glyph, name="Play", tip=with_keys("Play", "play"), parent=self
        )
        self._stop = GlyphButton(
            glyph=stop_glyph, name="Stop", tip=with_keys("Stop", "escape"), parent=self
        )
        self._loop = GlyphButton(
            glyph=loop_glyph,
            name="Loop",
            tip=with_keys("Repeat the region or the sound", "loop"),
            parent=self,
        )
        self._loop.setCheckable(True)
        self._device = GlyphButton(
            glyph=speaker_glyph, name="Output device", tip=f"Output: {DEFAULT_DEVICE}", parent=self
        )
        self._menu = QMenu(self._device)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self.devices_wanted)
        self._device.setMenu(self._menu)
        self._device.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._play.clicked.connect(self.play_pressed)
        self._stop.clicked.connect(self.stop_pressed)
        self._loop.clicked.connect(self.loop_toggled)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for button in (self._play, self._stop, self._loop):
            row.addWidget(button)
        row.addSpacing(self.fontMetrics().height() // 2)
        row.addWidget(self._position)
        row.addWidget(self._duration)
        row.addSpacing(self.fontMetrics().height() // 2)
        row.addWidget(self._name, 1)
        row.addWidget(self._device)
        row.addWidget(self._volume)
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(self._trouble)
        self._position.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._position.setAccessibleName("Position")
        self._duration.setAccessibleName("Duration")
        self._duration.setForegroundRole(QPalette.ColorRole.PlaceholderText)

    def _device_action(
        self, group: QActionGroup, label: str, name: str | None, current: str | None
    ) -> QAction:
        action = QAction(plain_text(label).replace("&", "&&"), group)
        action.setCheckable(True)
        action.setChecked(name == current)
        action.triggered.connect(lambda: self.device_chosen.emit(name))
        return action

    def _size_by_font(self) -> None:
        unit = self.fontMetrics().height()
        column = self.layout()
        assert column is not None
        column.setContentsMargins(unit // 2, unit // 4, unit // 2, unit // 4)
        column.setSpacing(unit // 4)
        # Figures of one width keep the time from trembling.
        figures = QFont(self.font())
        figures.setFeature(QFont.Tag("tnum"), 1)
        self._position.setFont(figures)
        self._duration.setFont(figures)
        self._volume.size_by_font()

    def _size_times(self, longest_s: float) -> None:
        """As wide as the longest time is with the widest figure."""
        metrics = self._position.fontMetrics()
        widest = max("0123456789", key=metrics.horizontalAdvance)
        text = clock(longest_s, digits=1, longest_s=longest_s)
        shape = "".join(widest if figure.isdigit() else figure for figure in text)
        self._position.setMinimumWidth(metrics.horizontalAdvance(shape))
        self._duration.setMinimumWidth(metrics.horizontalAdvance(f"/ {shape}"))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.layout() is not None:
            self._size_by_font()
            self.show_position(*self._times)
