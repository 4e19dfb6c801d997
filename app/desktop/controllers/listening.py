"""Listening: the selected sound, its spans and the region in the player."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from app.desktop.controllers.showing import ShowingController
from app.desktop.models.sounds import SoundRow
from app.desktop.player.outputs import OutputDevice
from app.desktop.player.player import Player, PlayState
from app.desktop.views.player.bar import PlayerBar
from app.desktop.views.timeline.timeline import Timeline
from tokenalign.grounding import PhraseGrounding

BEFORE_S = 0.15
"""A span is played from a little before it to a little after it, so that its attack is heard."""

JUST_HEARD_S = 0.5
"""Going to the previous span passes over one that began only now."""


class ListeningController(QObject):
    """Joins timeline, player and the player's bar.

    Args:
        showing: which sound is selected, and where its phrases sound.
        timeline: where spans are clicked.
        player: plays them.
        bar: the player's controls.
        parent: owner.
    """

    def __init__(
        self,
        *,
        showing: ShowingController,
        timeline: Timeline,
        player: Player,
        bar: PlayerBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._showing = showing
        self._timeline = timeline
        self._player = player
        self._bar = bar
        self._played: SoundRow | None = None
        self._looping = False
        self._device: str | None = None
        self.auto_play = True
        self._connect()

    def _connect(self) -> None:
        timeline, player, bar = self._timeline, self._player, self._bar
        timeline.play_requested.connect(self.play_span)
        timeline.seek_requested.connect(self.seek)
        timeline.region_changed.connect(lambda _: self._apply_loop())
        timeline.loop_requested.connect(lambda: self.set_loop(True))
        player.position_changed.connect(self._on_position_changed)
        player.state_changed.connect(self._on_state_changed)
        player.trouble.connect(self._on_trouble)
        self._showing.lost.connect(lambda: bar.show_trouble(""))
        player.devices_changed.connect(self._on_devices_changed)
        bar.play_pressed.connect(self._on_play_pressed)
        bar.stop_pressed.connect(player.stop)
        bar.loop_toggled.connect(self.set_loop)
        bar.volume_changed.connect(player.set_volume_db)
        bar.devices_wanted.connect(player.find_devices)
        bar.device_chosen.connect(self.set_device)

    # The selected sound

    def show(self, row: SoundRow | None) -> None:
        """Show a sound, or none; what plays goes on."""
        self._showing.select(row)
        self._show_in_bar()

    def select(self, row: SoundRow | None) -> None:
        """Show a sound, and play it from its best moment if it is to play at once."""
        self.show(row)
        self._bar.show_trouble("")  # it was about another sound
        if row is not None and self.auto_play and not row.offline:
            self.play_from(row.start_s)

    def play_from(self, start_s: float) -> None:
        """Play the selected sound from a time on."""
        if (row := self._showing.row) is not None:
            self._played = row
            self._player.play(row.path, start_s=start_s)
            self._apply_loop()
            self._show_in_bar()

    def play_span(self, start_s: float, end_s: float) -> None:
        """Play a part of the selected sound."""
        if (row := self._showing.row) is not None:
            self._played = row
            self._player.play(
                row.path,
                start_s=max(0.0, start_s - BEFORE_S),
                end_s=min(end_s + BEFORE_S, row.duration_s),
                loop=self._looping,
            )
            self._show_in_bar()

    def play_best(self) -> None:
        """Play the best moment of the selected sound."""
        if (row := self._showing.row) is not None:
            self.play_span(row.start_s, row.end_s)

    # Spans

    def play_phrase(self, number: int) -> None:
        """Play the strongest span of the n-th phrase, counted from 0; the nearest if unheard."""
        segments = self._phrases()[number].segments if number < len(self._phrases()) else ()
        if segments:
            best = max(segments, key=lambda segment: segment.score)
            self.play_span(best.start_s, best.end_s)

    def play_match(self, step: int) -> None:
        """Play the next (1) or previous (-1) span from the playhead, of any phrase heard."""
        spans = sorted({(s.start_s, s.end_s) for phrase in self._phrases() for s in phrase.heard})
        here_s = self._here_s + BEFORE_S
        if step > 0:
            ahead = [span for span in spans if span[0] > here_s + BEFORE_S]
            chosen = ahead[:1] or spans[:1]
        else:
            behind = [span for span in spans if span[0] < here_s - JUST_HEARD_S]
            chosen = behind[-1:] or spans[-1:]
        for span in chosen:
            self.play_span(*span)

    def _phrases(self) -> tuple[PhraseGrounding, ...]:
        grounding = self._showing.grounding
        return grounding.phrases if grounding else ()

    # The playhead

    @property
    def _here_s(self) -> float:
        """The place in the selected sound: where the player is, if it is in that sound at all."""
        row = self._showing.row
        return self._player.position_s if row is None else self._place_in(row)

    def _place_in(self, row: SoundRow) -> float:
        if row.path != self._player.path:
            return row.start_s
        return min(self._player.position_s, row.duration_s)

    def toggle(self) -> None:
        """Play or pause; what is selected, from the region or the best moment."""
        row, player = self._showing.row, self._player
        elsewhere = row is not None and row.path != player.path
        if player.state is not PlayState.STOPPED and not elsewhere:
            player.toggle()
        elif row is not None:
            region = self._timeline.region()
            self.play_from(region[0] if region else row.start_s)

    def _on_play_pressed(self) -> None:
        """Pause what the bar names, even if another sound is selected."""
        if self._player.state is PlayState.PLAYING:
            self._player.toggle()
        else:
            self.toggle()

    def stop(self) -> bool:
        """Stop; whether anything played."""
        played = self._player.state is not PlayState.STOPPED
        self._player.stop()
        return played

    def seek(self, position_s: float) -> None:
        """Go to a time, playing on if it plays."""
        row = self._showing.row
        if row is None:
            return
        if self._player.path == row.path and self._player.state is not PlayState.STOPPED:
            self._player.seek(position_s)
        else:
            self.play_from(position_s)

    def nudge(self, step_s: float) -> None:
        """Go a little forward or back."""
        if (row := self._showing.row) is not None:
            self.seek(min(max(0.0, self._here_s + step_s), row.duration_s))

    def _on_position_changed(self, position_s: float) -> None:
        row = self._showing.row
        if row is not None and self._player.path == row.path:
            self._timeline.show_playhead(position_s)
        if (named := self._in_bar()) is not None and self._player.path == named.path:
            self._bar.show_position(position_s, named.duration_s)

    # What the bar names

    def _on_state_changed(self, state: PlayState) -> None:
        self._bar.show_state(state)
        self._show_in_bar()

    def _in_bar(self) -> SoundRow | None:
        """What plays; else what is selected; else what would go on after a pause."""
        if self._player.state is PlayState.PLAYING and self._played is not None:
            return self._played
        resting = self._played if self._player.state is PlayState.PAUSED else None
        return self._showing.row or resting

    def _show_in_bar(self) -> None:
        row = self._in_bar()
        self._bar.show_name(row.name if row else "")
        self._bar.show_position(*((self._place_in(row), row.duration_s) if row else (0.0, 0.0)))

    def _on_trouble(self, trouble: str) -> None:
        if not self._showing.gone:  # else the timeline says it already
            self._bar.show_trouble(trouble)

    # Region and loop

    def mark_region(self, *, start: bool) -> None:
        """Let the region start, or end, at the playhead; its other end stays if it can."""
        if (row := self._showing.row) is None:
            return
        here_s = self._here_s
        first_s, last_s = self._timeline.region() or (0.0, row.duration_s)
        if start:
            region = (here_s, last_s if last_s > here_s else row.duration_s)
        else:
            region = (first_s if first_s < here_s else 0.0, here_s)
        if region[1] > region[0]:
            self._timeline.mark(region, finished=True)

    @property
    def looping(self) -> bool:
        """Whether the region, or the whole sound, is repeated."""
        return self._looping

    def set_loop(self, looping: bool) -> None:
        """Repeat the region, or the whole sound without one."""
        self._looping = looping
        self._timeline.set_loop(looping)
        self._bar.show_loop(looping)
        self._apply_loop()

    def toggle_loop(self) -> None:
        """Loop if it does not, and the other way round."""
        self.set_loop(not self._looping)

    def _apply_loop(self) -> None:
        row = self._showing.row
        if not self._looping:
            self._player.set_loop(None)
        elif row is not None and row.path == self._player.path:  # else it is no place in what plays
            self._player.set_loop(self._timeline.region() or (0.0, row.duration_s))

    # Devices

    def set_device(self, name: str | None) -> None:
        """Play on a device; None is the system's default."""
        self._device = name
        self._player.set_device(name)
        self._on_devices_changed(self._player.devices())

    def _on_devices_changed(self, devices: Sequence[OutputDevice]) -> None:
        self._bar.show_devices(devices, self._device)

    def close(self) -> None:
        """Stop, and let go of the device."""
        self._player.close()
