from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCall
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from app.desktop.models import revealing

SOUND = Path("/my sounds/a#1 100%.wav")


def test_windows_and_macs_start_their_own_managers() -> None:
    assert revealing.command_for(SOUND, platform="darwin") == ["open", "-R", str(SOUND)]
    program, option, path = revealing.command_for(SOUND, platform="win32")
    assert (program, option, Path(path)) == ("explorer.exe", "/select,", SOUND)


@pytest.mark.parametrize("answer", [True, False])
def test_a_file_that_there_is_opens_with_the_systems_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: bool
) -> None:
    opened: list[QUrl] = []

    def open_url(address: QUrl) -> bool:
        opened.append(address)
        return answer

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    sound = tmp_path / SOUND.name
    assert not revealing.open_with_its_program(sound)
    assert not opened
    sound.touch()
    assert revealing.open_with_its_program(sound) is answer
    assert opened == [QUrl.fromLocalFile(str(sound))]


def test_the_desktop_is_asked_and_where_it_does_not_answer_the_folder_opens(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[QDBusMessage] = []
    opened: list[QUrl] = []

    class Bus:
        def asyncCall(self, question: QDBusMessage) -> QDBusPendingCall:  # noqa: N802
            asked.append(question)
            nobody = QDBusMessage.createError("org.example.Nobody", "nobody is there")
            return QDBusPendingCall.fromCompletedCall(nobody)

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(QDBusConnection, "sessionBus", Bus)
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    owner = QObject()
    revealing.reveal(SOUND, parent=owner)
    qtbot.waitUntil(lambda: bool(opened))
    assert opened == [QUrl.fromLocalFile("/my sounds")]
    (question,) = asked
    assert (question.service(), question.member()) == ("org.freedesktop.FileManager1", "ShowItems")
    assert question.arguments() == [["file:///my%20sounds/a%231%20100%25.wav"], ""]
