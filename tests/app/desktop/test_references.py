from __future__ import annotations

import subprocess
import sys

CALLS = """
from PySide6.QtCore import QObject, Signal
from app.desktop.references import keep_constants

class Sender(QObject):
    sent = Signal()

keep_constants()
keep_constants()
sender = Sender()
sender.sent.connect(lambda: None)
for _ in range(20_000):
    sender.sent.emit()
    sender.setObjectName("sender")
print("alive", True, False, None)
"""


def test_a_program_that_calls_much_of_qt_lives_on() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CALLS], capture_output=True, text=True, timeout=60, check=False
    )
    told = (ended.stdout.strip(), ended.stderr, ended.returncode)
    assert told == ("alive True False None", "", 0)
