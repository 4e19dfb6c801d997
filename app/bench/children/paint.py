"""Opens the program's window offscreen, or an empty one, and ends once it is painted."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget


class _FirstPaint(QObject):
    """Tells of a window's first paint, and ends the program."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._tell)  # once it has been painted
        return False

    def _tell(self) -> None:
        print(json.dumps({"painted": True}), flush=True)  # noqa: T201
        QApplication.quit()


def main() -> None:
    """Request: bare, data_dir, bundle. Answer: painted, as soon as it is."""
    request = json.load(sys.stdin)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication(sys.argv[:1])
    with TemporaryDirectory() as folder, _window(request, Path(folder)) as window:
        watcher = _FirstPaint()
        window.installEventFilter(watcher)
        window.show()
        application.exec()


@contextmanager
def _window(request: Mapping[str, Any], folder: Path) -> Iterator[QWidget]:
    if request["bare"]:
        yield QMainWindow()
        return
    # The bare window must not wait for these. The program comes through its entry point.
    import app.main  # noqa: F401
    from app.desktop.stage import program_in

    program = program_in(folder, data_dir=Path(request["data_dir"]), bundle=request["bundle"])
    yield program.window
    program.close()


if __name__ == "__main__":
    main()
