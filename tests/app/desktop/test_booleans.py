from __future__ import annotations

import subprocess
import sys

EMITS = """
from PySide6.QtCore import QObject, Signal
from app.desktop.booleans import keep_booleans

class Sender(QObject):
    sent = Signal()

keep_booleans()
keep_booleans()
sender = Sender()
sender.sent.connect(lambda: None)
for _ in range(20_000):
    sender.sent.emit()
print("alive", True, False)
"""


def test_a_program_that_emits_many_signals_lives_on() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", EMITS], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.stdout.strip(), ended.stderr, ended.returncode) == ("alive True False", "", 0)
