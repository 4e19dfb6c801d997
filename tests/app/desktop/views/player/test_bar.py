from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.player.outputs import OutputDevice
from app.desktop.player.player import PlayState
from app.desktop.views.player.bar import PlayerBar

# The platform without a screen says this of windows.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
DEVICES = (OutputDevice("Built-in & Co", True), OutputDevice("Headphones", False))


@pytest.fixture
def bar(qtbot: QtBot) -> PlayerBar:
    bar = PlayerBar()
    qtbot.addWidget(bar)
    bar.resize(bar.fontMetrics().height() * 50, bar.sizeHint().height())
    bar.show()
    return bar


def button(bar: PlayerBar, name: str) -> QToolButton:
    return next(b for b in bar.findChildren(QToolButton) if b.accessibleName() == name)


def label(bar: PlayerBar, name: str) -> QLabel:
    return next(b for b in bar.findChildren(QLabel) if b.accessibleName() == name)


def menu(bar: PlayerBar) -> QMenu:
    menu = button(bar, "Output device").menu()
    assert isinstance(menu, QMenu)
    return menu


def entries(bar: PlayerBar) -> list[tuple[str, bool]]:
    return [(a.text(), a.isChecked()) for a in menu(bar).actions() if not a.isSeparator()]


def test_buttons_tell_what_was_pressed(qtbot: QtBot, bar: PlayerBar) -> None:
    bar.show_name("rain.wav")
    with qtbot.waitSignal(bar.play_pressed):
        QTest.mouseClick(button(bar, "Play"), LEFT)
    bar.show_state(PlayState.PLAYING)
    with qtbot.waitSignal(bar.play_pressed):
        QTest.mouseClick(button(bar, "Pause"), LEFT)
    with qtbot.waitSignal(bar.stop_pressed):
        QTest.mouseClick(button(bar, "Stop"), LEFT)
    with qtbot.waitSignal(bar.loop_toggled) as on:
        QTest.mouseClick(button(bar, "Loop"), LEFT)
    with qtbot.waitSignal(bar.loop_toggled) as off:
        QTest.mouseClick(button(bar, "Loop"), LEFT)
    assert (on.args, off.args) == ([True], [False])


def test_shows_the_state(bar: PlayerBar) -> None:
    assert not button(bar, "Stop").isEnabled()
    bar.show_state(PlayState.PLAYING)
    assert button(bar, "Pause").toolTip() == "Pause (Space)"
    assert button(bar, "Stop").isEnabled()
    bar.show_state(PlayState.PAUSED)
    assert button(bar, "Play").toolTip() == "Play (Space)"
    assert button(bar, "Stop").isEnabled()


def test_showing_the_loop_is_no_press(qtbot: QtBot, bar: PlayerBar) -> None:
    with qtbot.assertNotEmitted(bar.loop_toggled):
        bar.show_loop(True)
    assert button(bar, "Loop").isChecked()


@pytest.mark.parametrize(
    ("position_s", "duration_s", "texts"),
    [
        (4.25, 9.0, ("0:04.2", "/ 0:09.0")),
        (61.04, 3723.5, ("0:01:01.0", "/ 1:02:03.5")),
        (9.9, 9.8, ("0:09.8", "/ 0:09.8")),
    ],
)
def test_times(
    bar: PlayerBar, position_s: float, duration_s: float, texts: tuple[str, str]
) -> None:
    bar.show_position(position_s, duration_s)
    assert (label(bar, "Position").text(), label(bar, "Duration").text()) == texts


def test_times_do_not_tremble(bar: PlayerBar) -> None:
    widths = set()
    for position_s in (0.0, 1.1, 8.8, 11.1, 48.8):
        bar.show_position(position_s, 50.0)
        bar.grab()
        widths.add(label(bar, "Position").width())
    assert len(widths) == 1


def test_names_are_shown_as_they_are(bar: PlayerBar) -> None:
    name = label(bar, "Sound")
    assert not name.isEnabled()
    bar.show_name("<b>kick</b>\n#1.wav")
    assert name.isEnabled()
    assert name.text() == "<b>kick</b>\\n#1.wav"
    assert name.textFormat() is Qt.TextFormat.PlainText
    assert name.toolTip() == "&lt;b&gt;kick&lt;/b&gt;\\n#1.wav"


def test_a_long_name_does_not_widen_the_window(bar: PlayerBar) -> None:
    narrow = bar.minimumSizeHint().width()
    bar.show_name("very long " * 100)
    assert bar.minimumSizeHint().width() == narrow
    bar.grab()


def test_volume_by_slider_click_and_double_click(bar: PlayerBar) -> None:
    slider = bar.findChild(QSlider)
    assert isinstance(slider, QSlider)
    changes: list[float] = []
    bar.volume_changed.connect(changes.append)
    middle = slider.height() // 2
    QTest.mouseClick(slider, LEFT, NONE, QPoint(0, middle))
    assert changes[-1] == -60.0
    assert slider.accessibleDescription() == "off"
    QTest.mouseClick(slider, LEFT, NONE, QPoint(slider.width() - 1, middle))
    assert changes[-1] == 6.0
    assert slider.accessibleDescription() == "+6.0 dB"
    QTest.mouseDClick(slider, LEFT, NONE, QPoint(slider.width() // 3, middle))
    assert changes[-1] == 0.0
    assert slider.accessibleDescription() == "0.0 dB"
    QTest.keyClick(slider, Qt.Key.Key_Down)
    assert changes[-1] == -0.5
    assert slider.accessibleDescription() == "−0.5 dB"


def test_showing_the_volume_is_no_change(qtbot: QtBot, bar: PlayerBar) -> None:
    with qtbot.assertNotEmitted(bar.volume_changed):
        bar.show_volume(-12.0)
    slider = bar.findChild(QSlider)
    assert isinstance(slider, QSlider)
    assert slider.accessibleDescription() == "−12.0 dB"


def test_devices_are_chosen_from_the_menu(qtbot: QtBot, bar: PlayerBar) -> None:
    bar.show_devices(DEVICES, "Headphones")
    assert entries(bar) == [
        ("System default (Built-in && Co)", False),
        ("Built-in && Co", False),
        ("Headphones", True),
    ]
    with qtbot.waitSignal(bar.device_chosen) as named:
        menu(bar).actions()[2].trigger()
    with qtbot.waitSignal(bar.device_chosen) as default:
        menu(bar).actions()[0].trigger()
    assert (named.args, default.args) == (["Built-in & Co"], [None])


def test_a_chosen_device_that_is_gone_is_shown(bar: PlayerBar) -> None:
    bar.show_devices(DEVICES, "USB <b>")
    assert entries(bar)[-1] == ("USB <b> (not connected)", True)
    assert button(bar, "Output device").toolTip() == "Output: USB &lt;b&gt;"


def test_the_menu_asks_for_devices_when_it_opens(qtbot: QtBot, bar: PlayerBar) -> None:
    with qtbot.waitSignal(bar.devices_wanted):
        menu(bar).popup(QPoint(0, 0))
    bar.show_devices(DEVICES, None)
    assert len(entries(bar)) == 3
    menu(bar).close()


def test_a_trouble_is_shown_until_something_plays(bar: PlayerBar) -> None:
    trouble = label(bar, "Playback problem")
    height = bar.sizeHint().height()
    assert not trouble.isVisible()
    bar.show_trouble("No sound:\n<i>PortAudio</i> is missing")
    assert trouble.isVisible()
    assert trouble.text() == "No sound:\\n<i>PortAudio</i> is missing"
    assert trouble.textFormat() is Qt.TextFormat.PlainText
    assert bar.sizeHint().height() > height
    bar.show_state(PlayState.STOPPED)
    assert trouble.isVisible()
    bar.show_state(PlayState.PLAYING)
    assert not trouble.isVisible()


def test_clicks_leave_no_focus_and_every_control_has_a_name(bar: PlayerBar) -> None:
    controls: list[QWidget] = [*bar.findChildren(QToolButton), *bar.findChildren(QSlider)]
    assert len(controls) == 5
    for control in controls:
        assert control.focusPolicy() is Qt.FocusPolicy.TabFocus
        assert control.accessibleName()
        assert control.toolTip()


def test_glyphs_take_their_colour_from_the_palette(bar: PlayerBar) -> None:
    palette = QPalette(QColor("#202020"))
    for role in (QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(role, QColor("#ff0000"))
    bar.setPalette(palette)
    image = button(bar, "Play").grab().toImage()
    assert image.pixelColor(image.width() // 2, image.height() // 2) == QColor("#ff0000")


def test_grows_with_the_font(qtbot: QtBot, bar: PlayerBar) -> None:
    small = bar.sizeHint()
    font = QFont(bar.font())
    font.setPointSizeF(font.pointSizeF() * 2)
    bar.setFont(font)
    qtbot.waitUntil(lambda: bar.sizeHint().height() > 1.7 * small.height())
    assert bar.sizeHint().width() > 1.5 * small.width()
