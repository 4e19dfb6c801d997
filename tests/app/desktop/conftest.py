"""What all tests of the window need."""

from __future__ import annotations

from app.desktop.booleans import keep_booleans

keep_booleans()  # as the program does; PySide's emissions would end the test run otherwise
